import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FindingFilter, findingSorts } from '@plimsoll/types'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDatabase } from '../db/open.ts'
import { getImage } from '../posture/images.ts'
import { makeLargeFleet, placeOfImage } from '../testdata/large-fleet.ts'
import { listFindings } from './list.ts'

/** What lists and an image's page take with 5,000 images and 590,000 findings, each with its totals. */

let dataDir: string
let db: Db
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-fleet-'))
  db = openDatabase(dataDir)
  makeLargeFleet(db, { images: 5000, findingsPerImage: 118, matches: 3000 })
}, 300_000)
afterAll(async () => {
  db.$client.close()
  await rm(dataDir, { recursive: true })
})

const { registry: registryId, ...place } = placeOfImage(703)
const image = { registryId, ...place }
const layer = `sha256:${(4e6 + 43).toString(16).padStart(64, '0')}`

/** Milliseconds, of 25 runs. */
function measure(run: () => unknown): { median: number; p95: number } {
  const times = Array.from({ length: 25 }, () => {
    const from = performance.now()
    run()
    return performance.now() - from
  }).toSorted((a, b) => a - b)
  return { median: times[12] ?? 0, p95: times[23] ?? 0 }
}

type Sort = (typeof findingSorts)[number]
const list = (filter: Partial<FindingFilter>, sort: Sort, page = 1) =>
  measure(() => listFindings(db, { filter: { status: 'open', ...filter }, sort, page, size: 50 }))

// What goes over most of the findings to count them may take longer than what does not; nobody should wait for either.
test.each([
  ...findingSorts.map(sort => [`in the order ${sort}`, {}, sort, 100] as const),
  ['of one severity', { severity: ['Critical'] }, '-severity', 100],
  ['with a fix', { fix: 'available' }, '-severity', 100],
  ['of a registry', { registryId }, '-severity', 200],
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
] as [string, Partial<FindingFilter>, Sort, number][])('findings %s', (name, filter, sort, withinMs) => {
  const times = list(filter, sort)
  console.log(`${name}: median ${times.median.toFixed(1)} ms, 95th percentile ${times.p95.toFixed(1)} ms`)
  expect(times.median).toBeLessThan(withinMs)
})

test('an image’s page, with its base image', () => {
  expect(getImage(db, image).baseImage).toMatchObject({
    registryId: 'base',
    layers: 1,
    findingsTotal: expect.any(Number),
  })
  const times = measure(() => getImage(db, image))
  console.log(`image: median ${times.median.toFixed(1)} ms, 95th percentile ${times.p95.toFixed(1)} ms`)
  expect(times.median).toBeLessThan(50)
})
