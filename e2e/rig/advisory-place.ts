import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipArchive } from '../../packages/engine/formats/testdata/zip-writer.ts'

/** Facts of four Debian 12 advisories: the CVE, the source package, the version that fixed it, a CVSS vector. */
const facts = [
  ['CVE-2026-54872', 'openssl', '3.0.22-1~deb12u2', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
  ['CVE-2026-56132', 'expat', '2.5.0-1+deb12u5', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H'],
  ['CVE-2026-70452', 'rsync', '3.5.0+ds1-0+deb12u1', 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N'],
  ['CVE-2026-57432', 'perl', '5.36.0-7+deb12u4', 'CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N'],
] as const

/** What the lists of attacks say: the first is known to be exploited, the first two have a score. Figures are ours. */
const kev = {
  dateReleased: '2026-11-19T15:00:00Z',
  vulnerabilities: [
    {
      cveID: facts[0][0],
      dateAdded: '2026-11-12',
      dueDate: '2026-12-03',
      knownRansomwareCampaignUse: 'Known',
      requiredAction: 'Apply the updates of the vendor.',
    },
  ],
}
const epss = [
  '#model_version:v2025.03.14,score_date:2026-11-20T00:00:00+0000',
  'cve,epss,percentile',
  `${facts[0][0]},0.8754,0.9951`,
  `${facts[1][0]},0.00042,0.1203`,
]

/** Packages of `facts` that the upgraded image has at a fixed version, and the one that it has not. */
export const upgraded = ['openssl', 'expat', 'rsync']
export const notUpgraded = 'perl'

/**
 * A folder laid out as OSV's public bucket, with these advisories and lists. Versions and ids are Debian's; the vectors are
 * ours, so that there is one finding of each severity.
 */
export async function advisoryPlace(): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), 'plimsoll-advisories-'))
  const records = facts.map(([cve, name, fixed, vector]) => ({
    id: `DEBIAN-${cve}`,
    modified: '2026-11-20T00:00:00Z',
    upstream: [cve],
    severity: [{ type: 'CVSS_V3', score: vector }],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  }))
  await mkdir(join(place, 'Debian'))
  const archive = zipArchive(
    records.map(record => ({ name: `${record.id}.json`, content: JSON.stringify(record) })),
  )
  await writeFile(join(place, 'Debian/all.zip'), archive)
  await mkdir(join(place, 'kev'))
  await writeFile(join(place, 'kev/known_exploited_vulnerabilities.json'), JSON.stringify(kev))
  await mkdir(join(place, 'epss'))
  await writeFile(join(place, 'epss/epss_scores-current.csv'), `${epss.join('\n')}\n`)
  return place
}
