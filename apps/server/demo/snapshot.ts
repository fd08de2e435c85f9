import { readFileSync } from 'node:fs'

const folder = new URL('./advisories/', import.meta.url)

/**
 * The advisories of the demonstration: OSV records reduced to their facts (`advisories/reduce.ts`). Nothing of the
 * text of a feed is among them, and they are a selection: good to look at, not to judge an image of one's own by.
 */
export function* snapshotRecords(): Generator<unknown> {
  for (const ecosystem of ['Alpine', 'Debian', 'Ubuntu']) yield* lines(`${ecosystem}.ndjson`)
}

/** What public feeds say of the CVEs that those records name: date and CVSS vectors, one object per CVE. */
export function* snapshotCveFacts(): Generator<unknown> {
  yield* lines('cve.ndjson')
}

function* lines(name: string): Generator<unknown> {
  for (const line of readFileSync(new URL(name, folder), 'utf8').split('\n'))
    if (line !== '') yield JSON.parse(line)
}
