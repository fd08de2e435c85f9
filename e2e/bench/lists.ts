import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../apps/server/db/open.ts'
import { listFindings } from '../../apps/server/findings/list.ts'
import { getImage } from '../../apps/server/posture/images.ts'
import { getOverview } from '../../apps/server/posture/overview.ts'
import { makeLargeFleet, placeOfImage } from '../../apps/server/testdata/large-fleet.ts'

/**
 * What a page of findings, with its totals, and an image's page take in a fleet of 5,000 images and 590,000 findings;
 * as ratios to counting the open findings, in the same run. Prints figures and asserts none.
 */
const runs = 25
const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'))
const db = openDatabase(dataDir)
makeLargeFleet(db, { images: 5000, findingsPerImage: 118, matches: 3000 })

const { registry: registryId, ...place } = placeOfImage(703)
const image = { registryId, ...place }
const tenant = { kind: 'management-group' as const, ids: ['tenant'] }
const layer = `sha256:${(4e6 + 43).toString(16).padStart(64, '0')}`

type Asked = Parameters<typeof listFindings>[1]
type Sort = Asked['sort']
const sorts: readonly Sort[] = ['-severity', 'cve', 'package', '-cvss', '-published', '-epss']
/** What goes over most of the findings to count them may take longer than what does not. */
type List = readonly [name: string, filter: Partial<Asked['filter']>, sort: Sort, goalMs: number]
const lists: readonly List[] = [
  ...sorts.map((sort): List => [`in the order ${sort}`, {}, sort, 100]),
  ['of one severity', { severity: ['Critical'] }, '-severity', 100],
  ['with a fix', { fix: 'available' }, '-severity', 100],
  ['of a registry', { registryId }, '-severity', 200],
  ['within a registry', { scope: { kind: 'registry', ids: [registryId] } }, '-severity', 200],
  ['within the tenant', { scope: tenant }, '-severity', 200],
  ['within it, known to be exploited', { scope: tenant, kev: true }, '-epss', 200],
  ['of an image', image, '-epss', 100],
  ['known to be exploited', { kev: true }, '-epss', 100],
  ['not known to be', { kev: false }, '-epss', 500],
  ['likely to be', { epssAtLeast: 0.9 }, '-severity', 200],
  ['of any odds', { epssAtLeast: 0.001 }, '-severity', 500],
  ['of a layer', { layer }, '-severity', 100],
  ['of an image’s layer', { ...image, layer }, '-severity', 100],
  ['from the base', { ...image, origin: 'base' }, '-severity', 100],
  ['not from the base', { ...image, origin: 'own' }, '-severity', 100],
  ['by free text', { q: 'source-12' }, '-severity', 200],
]
type Question = readonly [string, () => unknown, number]
const questions: readonly Question[] = [
  ...lists.map(
    ([name, filter, sort, goalMs]): Question => [
      `findings ${name}`,
      () => listFindings(db, { filter: { status: 'open', ...filter }, sort, page: 1, size: 50 }),
      goalMs,
    ],
  ),
  ['an image’s page', () => getImage(db, image), 50],
  ['the overview', () => getOverview(db), 500],
  ['the overview within the tenant', () => getOverview(db, tenant), 500],
]

const count = db.$client.prepare(`select count(*) from finding f where f.state = 'open'`)
const counted = measure(() => count.get())
const rows = questions.map(([question, ask, goalMs]) => {
  const { median, p95 } = measure(ask)
  return {
    question,
    'median ms': median.toFixed(1),
    'p95 ms': p95.toFixed(1),
    'median / count': (median / counted.median).toFixed(2),
    goal: `${goalMs} ms`,
  }
})
console.log(
  `\n590,000 findings of 5,000 images, ${runs} runs; counting the open ones: ${counted.median.toFixed(1)} ms`,
)
console.table(rows)
db.$client.close()
await rm(dataDir, { recursive: true })

function measure(run: () => unknown): { median: number; p95: number } {
  const times = Array.from({ length: runs }, () => {
    const from = performance.now()
    run()
    return performance.now() - from
  }).toSorted((a, b) => a - b)
  return { median: times[runs >> 1] ?? 0, p95: times[Math.floor(runs * 0.95)] ?? 0 }
}
