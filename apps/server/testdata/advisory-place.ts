import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipArchive } from '../../../packages/engine/formats/testdata/zip-writer.ts'

/** One made-up advisory of Debian 12. */
export interface MadeAdvisory {
  readonly cve: string
  readonly name: string
  /** null: no fix. */
  readonly fixed: string | null
  readonly withdrawn?: boolean
  readonly vector?: string
}

const high = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H'

/** Writes a folder laid out as OSV's bucket, with these advisories. */
export async function writeAdvisoryPlace(place: string, advisories: readonly MadeAdvisory[]): Promise<void> {
  const records = advisories.map(({ cve, name, fixed, withdrawn = false, vector = high }) => ({
    id: `DEBIAN-${cve}`,
    modified: '2026-11-20T00:00:00Z',
    ...(withdrawn ? { withdrawn: '2026-11-20T00:00:00Z' } : {}),
    upstream: [cve],
    severity: [{ type: 'CVSS_V3', score: vector }],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])] }],
      },
    ],
  }))
  await mkdir(join(place, 'Debian'), { recursive: true })
  const entries = records.map(record => ({ name: `${record.id}.json`, content: JSON.stringify(record) }))
  await writeFile(join(place, 'Debian/all.zip'), zipArchive(entries))
}
