import { type Match, severities } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { storeMatch } from '../findings/match-fact.ts'
import { storeImage } from '../jobs/inventory.ts'
import { refreshPosture } from '../posture/refresh.ts'
import { madeDigest, madeMatch, madeOccurrence } from './fleet.ts'

export interface FleetSize {
  readonly images: number
  readonly findingsPerImage: number
  readonly matches: number
}

const baseImages = 60

/**
 * Registries of ten repositories of ten images, with findings drawn from the same matches, on a few base images. Of a
 * twentieth of the vulnerabilities attacks are known, of most the odds. The same each time.
 */
export function makeLargeFleet(db: Db, { images, findingsPerImage, matches }: FleetSize): void {
  const at = '2024-03-01T00:00:00.000Z'
  inTransaction(db, () => {
    storeThreats(db, matches)
    for (let number = 0; number < baseImages; number += 1) {
      const digest = madeDigest(2e6 + number)
      place(db, { registry: 'base', repository: `base/${number}`, digest }, [layerOf(number)])
    }
    const stored = Array.from({ length: matches }, (_, number) => storeMatch(db, numberedMatch(number)).id)
    const facts = db.$client
      .prepare(`select id, record ->> 'class' class, severity_rank severityRank, patchable, state from match_fact`)
      .all() as { id: number; class: string; severityRank: number; patchable: number; state: string }[]
    const byId = new Map(facts.map(fact => [fact.id, fact]))
    const insert = prepared(
      db,
      `insert into finding (occurrence_id, match_id, state, class, severity_rank, patchable, first_seen_at)
       values (?, ?, ?, ?, ?, ?, ?)`,
    )
    for (let number = 0; number < images; number += 1) {
      const occurrence = place(db, placeOfImage(number), [layerOf(number), madeDigest(3e6 + number)])
      const random = randomOf(number)
      const drawn = new Set<number>()
      while (drawn.size < findingsPerImage) drawn.add(stored[random(matches)] as number)
      for (const id of drawn) {
        const fact = byId.get(id)
        if (fact === undefined) throw new Error('a match that was just stored is not there')
        insert.run(occurrence, id, fact.state, fact.class, fact.severityRank, fact.patchable, at)
      }
    }
    refreshPosture(db, db.$client.prepare('select id from occurrence').pluck().all() as number[])
  })
}

/** Where the fleet's image of this number is. */
export const placeOfImage = (number: number) => ({
  registry: `registry-${Math.floor(number / 100)}`,
  repository: `team/service-${Math.floor(number / 10)}`,
  digest: madeDigest(number),
})

const layerOf = (number: number): string => madeDigest(4e6 + (number % baseImages))

function place(
  db: Db,
  where: { registry: string; repository: string; digest: string },
  diffIds: readonly string[],
): number {
  const occurrence = madeOccurrence(db, where)
  const layers = diffIds.map(diffId => ({ digest: diffId, diffId, mediaType: 'x', sizeBytes: 1 }))
  const coverage = { status: 'complete' as const, reasons: [], packages: {}, databases: [], release: null, feeds: [] }
  const about = { mediaType: null, platform: null, sizeBytes: null, distro: null, createdAt: null, packages: [] }
  const imageId = storeImage(db, { digest: where.digest, layers, coverage, ...about }, '2024-03-01T00:00:00.000Z')
  prepared(db, 'update occurrence set image_id = ? where id = ?').run(imageId, occurrence)
  return occurrence
}

function storeThreats(db: Db, matches: number): void {
  const kev = prepared(db, `insert into kev (cve, added_on, ransomware) values (?, '2024-03-01', 0)`)
  const epss = prepared(db, 'insert into epss (cve, probability, percentile) values (?, ?, 0.5)')
  for (let number = 0; number < matches; number += 1) {
    const { vulnerabilityId } = numberedMatch(number)
    if (number % 20 === 0) kev.run(vulnerabilityId)
    if (number % 10 > 0) epss.run(vulnerabilityId, (number % 997) / 997)
  }
}

function numberedMatch(number: number): Match {
  const random = randomOf(number + 1_000_000)
  const severity = severities[random(5)] ?? 'Unknown'
  const patchable = random(3) > 0
  const sourceName = `source-${random(400)}`
  const facts = { vulnerabilityId: `CVE-${2015 + random(11)}-${10_000 + number}`, sourceName, severity, patchable }
  const match = madeMatch(facts)
  const layer = layerOf(random(baseImages))
  return {
    ...match,
    cvssV3BaseScore: severity === 'Unknown' ? null : random(100) / 10,
    publishedAt: new Date(1.4e12 + random(400_000) * 1e6).toISOString(),
    description: 'Words that a record has in real life, some hundred of them. '.repeat(10),
    packages: match.packages.map(one => ({ ...one, layer })),
  }
}

/** Numbers below a bound, the same for the same seed (xorshift). */
function randomOf(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0 || 1
  const next = (): number => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
  for (let warm = 0; warm < 8; warm += 1) next()
  return below => next() % below
}
