import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipArchive } from '../../../packages/engine/formats/testdata/zip-writer.ts'

/** One made-up advisory, of Debian 12 unless it says otherwise. */
export interface MadeAdvisory {
  readonly cve: string
  readonly name: string
  /** null: no fix. */
  readonly fixed: string | null
  readonly withdrawn?: boolean
  readonly vector?: string
  /** `DEBIAN-` and the CVE unless it is given. */
  readonly id?: string
  /** The ids it is about; the CVE unless they are given. */
  readonly upstream?: readonly string[]
  readonly aliases?: readonly string[]
  /** `Rocky Linux:9`; its folder is what stands before the release. */
  readonly feed?: string
}

const high = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H'

/** Writes a folder laid out as OSV's bucket, with these advisories. */
export async function writeAdvisoryPlace(place: string, advisories: readonly MadeAdvisory[]): Promise<void> {
  const folders = Map.groupBy(advisories, ({ feed = 'Debian:12' }) => feed.split(':')[0] ?? '')
  for (const [folder, made] of folders) await writeRecords(place, folder, made.map(recordOf))
}

/** Writes a folder of it, with these OSV records. */
export async function writeRecords(
  place: string,
  folder: string,
  records: readonly { readonly id: string }[],
): Promise<void> {
  await mkdir(join(place, folder), { recursive: true })
  const entries = records.map(record => ({ name: `${record.id}.json`, content: JSON.stringify(record) }))
  await writeFile(join(place, folder, 'all.zip'), zipArchive(entries))
}

function recordOf({ cve, name, fixed, withdrawn = false, vector = high, feed = 'Debian:12', ...ids }: MadeAdvisory) {
  return {
    id: ids.id ?? `DEBIAN-${cve}`,
    modified: '2026-11-20T00:00:00Z',
    ...(withdrawn ? { withdrawn: '2026-11-20T00:00:00Z' } : {}),
    upstream: ids.upstream ?? [cve],
    ...(ids.aliases === undefined ? {} : { aliases: ids.aliases }),
    severity: [{ type: 'CVSS_V3', score: vector }],
    affected: [
      {
        package: { ecosystem: feed, name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])] }],
      },
    ],
  }
}

/** CISA's catalogue, by CVE and day, and FIRST's scores by CVE; what is not given is not written. */
export async function writeThreatLists(
  place: string,
  { kev, epss }: { kev?: Readonly<Record<string, string>>; epss?: Readonly<Record<string, number>> },
): Promise<void> {
  if (kev !== undefined) {
    const vulnerabilities = Object.entries(kev).map(([cveID, dateAdded]) => ({
      cveID,
      dateAdded,
      dueDate: '2024-04-01',
      requiredAction: 'Update it.',
      knownRansomwareCampaignUse: 'Known',
    }))
    await mkdir(join(place, 'kev'), { recursive: true })
    await writeFile(
      join(place, 'kev/known_exploited_vulnerabilities.json'),
      JSON.stringify({ dateReleased: '2024-03-05T12:00:00Z', vulnerabilities }),
    )
  }
  if (epss !== undefined) {
    const lines = Object.entries(epss).map(([cve, probability]) => `${cve},${probability},0.5`)
    await mkdir(join(place, 'epss'), { recursive: true })
    await writeFile(
      join(place, 'epss/epss_scores-current.csv'),
      ['#model_version:v2025.03.14,score_date:2024-03-06T00:00:00Z', 'cve,epss,percentile', ...lines, ''].join('\n'),
    )
  }
}
