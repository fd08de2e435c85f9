import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type KevList, readKev } from '@plimsoll/engine'

const folder = new URL('./advisories/', import.meta.url)

/** Folders of OSV's bucket that the samples' advisories are from. */
export const snapshotFolders = ['Alpine', 'Debian', 'Ubuntu'] as const

/**
 * The advisories of the demonstration: OSV records reduced to their facts (`advisories/reduce.ts`). Nothing of the
 * text of a feed is among them, and they are a selection: good to look at, not to judge an image of one's own by.
 */
export function* snapshotRecords(): Generator<unknown> {
  for (const name of snapshotFolders) yield* lines(`${name}.ndjson`)
}

/** What public feeds say of the CVEs that those records name: date and CVSS vectors, one object per CVE. */
export function* snapshotCveFacts(): Generator<unknown> {
  yield* lines('cve.ndjson')
}

/** What CISA's catalogue has of those CVEs: their dates. */
export const snapshotKev = (signal: AbortSignal): Promise<KevList | null> =>
  readKev(fileURLToPath(folder), signal)

function* lines(name: string): Generator<unknown> {
  for (const line of readFileSync(new URL(name, folder), 'utf8').split('\n'))
    if (line !== '') yield JSON.parse(line)
}
