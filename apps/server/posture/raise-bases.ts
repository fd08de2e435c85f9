import type { Raise } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { disabledByRule } from '../findings/where.ts'
import { basedImages, holdersOf, linkOf, nearestHolder, newerThan, type Place } from './base-image.ts'
import type { Gains, UnhealthyImage } from './raise-gain.ts'

type Move = Extract<Raise, { kind: 'base-image' }>

interface Base {
  readonly place: Place
  readonly newer: Place
  readonly images: UnhealthyImage[]
}

/** All images on a base built on the newer image of the base's repository, where that leaves fewer open findings. */
export const raisesByBase = (db: Db, gains: Gains): Move[] =>
  basesToLeave(db, gains).flatMap(base => moveOf(db, gains, base))

/** Bases are named as each image names its own: in its own registry first. */
function basesToLeave(db: Db, { images }: Gains): Base[] {
  const newest = new Map<number, Place | undefined>()
  const newerOf = (base: Place): Place | undefined => {
    if (!newest.has(base.id)) newest.set(base.id, newerThan(db, base, null))
    return newest.get(base.id)
  }
  const bases = new Map<number, Base>()
  for (const [chain, rows] of Map.groupBy(basedImages(db, among([...images.keys()])), row => row.chain)) {
    const holders = holdersOf(db, chain)
    for (const { id, registryId, demonstration } of rows) {
      const image = images.get(id)
      const place = nearestHolder(holders, { id: registryId, demonstration })
      const newer = place === undefined ? undefined : newerOf(place)
      // The newer image may be built on the older one, and is what it is already.
      if (image === undefined || place === undefined || newer === undefined || newer.id === id) continue
      const base = bases.get(place.id) ?? { place, newer, images: [] }
      bases.set(place.id, base)
      base.images.push(image)
    }
  }
  return [...bases.values()]
}

const among = (occurrenceIds: readonly number[]) =>
  sql`o.id in (select value from json_each(${JSON.stringify(occurrenceIds)}))`

function moveOf(db: Db, gains: Gains, base: Base): Move[] {
  const { place, newer, images } = base
  const counts = findingsOnBase(db, base)
  const fromBase = [...counts.values()].reduce((sum, count) => sum + count.fromBase, 0)
  const findings = fromBase - images.length * newer.findings
  if (findings <= 0) return []
  const clean = newer.findings === 0 && isJudgedWhole(db, newer.id)
  const mended = images.filter(({ id }) => clean && counts.get(id)?.own === 0)
  return [
    {
      kind: 'base-image',
      base: linkOf(db, place),
      newer: linkOf(db, newer),
      images: images.length,
      findings,
      ...gains.of(mended),
    },
  ]
}

/** Of each image's open findings, how many are in packages that the base's layers brought, and how many are not. */
function findingsOnBase(
  db: Db,
  { place, images }: Base,
): Map<number, { readonly fromBase: number; readonly own: number }> {
  const ids = images.map(({ id }) => id)
  const rows = db.all<{ id: number; fromBase: number; open: number }>(sql`
    select f.occurrence_id as id,
      sum(f.match_id in (
        select ml.match_id from image b join json_each(b.layers) l cross join match_layer ml on ml.layer = l.value ->> 'diffId'
        where b.id = ${place.imageId})) as "fromBase", count(*) as open
    from json_each(${JSON.stringify(ids)}) j cross join finding f indexed by finding_counts
      on f.occurrence_id = j.value and f.state = 'open' and f.class = 'security'
    where not ${disabledByRule} group by f.occurrence_id`)
  return new Map(rows.map(({ id, fromBase, open }) => [id, { fromBase, own: open - fromBase }]))
}

/** Nothing is open in an image that was judged whole only when there is nothing. */
const isJudgedWhole = (db: Db, occurrenceId: number): boolean =>
  prepared(
    db,
    `select 1 from occurrence o join posture p on p.occurrence_id = o.id
     where o.id = ? and o.coverage_status = 'complete' and p.undetermined = 0`,
  ).get(occurrenceId) !== undefined
