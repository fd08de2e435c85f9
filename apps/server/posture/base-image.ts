import type { BaseImage, ImageLink } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { countFindings } from '../findings/list.ts'
import { isTagged } from '../intake/replaced.ts'
import { replacementOf } from '../intake/superseding.ts'
import { baseDepth } from './base.ts'
import type { OccurrenceName } from './images.ts'
import { placeKey, tagsOfDigests } from './tags.ts'

/**
 * An image's base, recognised by its stack of layers among all images that are there, and the newest image of the
 * base's repository. Of several that hold it, the one with a tag is named, nearest to the image: of its registry.
 */

/** The number of layers, from the bottom, that are the base's; 0 when there is none. */
export const baseLayers = (db: Db, occurrenceId: number): number =>
  db.get<{ depth: number | null }>(sql`
    select ${baseDepth} as depth from occurrence o join image i on i.id = o.image_id
      join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
    where o.id = ${occurrenceId}`)?.depth ?? 0

export function baseImageOf(
  db: Db,
  occurrenceId: number,
  name: { readonly registryId: string; readonly repository: string; readonly digest: string },
): BaseImage | null {
  const layers = baseLayers(db, occurrenceId)
  const base = layers === 0 ? undefined : holderOf(db, occurrenceId, layers)
  if (base === undefined) return null
  const newer = newerThan(db, base, occurrenceId)
  const findings = (origin?: 'base'): number =>
    countFindings(db, { ...name, status: 'open', ...(origin && { origin }) })
  return {
    ...linkOf(db, base),
    layers,
    findingsFromBase: findings('base'),
    findingsTotal: findings(),
    newer:
      newer === undefined
        ? null
        : { ...linkOf(db, newer), findings: newer.findings, pushedAt: newer.pushedAt },
  }
}

/** An image in a place, as bases are named by. */
export interface Place {
  readonly id: number
  readonly imageId: number
  readonly repositoryId: number
  readonly registryId: string
  readonly registryName: string
  readonly repository: string
  readonly digest: string
  readonly pushedAt: string
  readonly findings: number
}

const columns = sql`o.id, o.image_id as "imageId", o.repository_id as "repositoryId", rg.id as "registryId",
  rg.name as "registryName", rp.name as repository, o.digest, o.pushed_at as "pushedAt",
  p.open_critical + p.open_high + p.open_medium + p.open_low + p.open_unknown as findings`

const tables = sql`occurrence o join posture p on p.occurrence_id = o.id
  join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id`

const tagged = sql.raw(isTagged('o.repository_id', 'o.digest'))

interface Holder extends Place {
  readonly tagged: number
  readonly superseded: number
  readonly demonstration: number
}

/** The images whose whole stack is this one, by its chain id; the best to be named first. */
export const holdersOf = (db: Db, chainId: string): Holder[] =>
  db.all<Holder>(sql`
    select ${columns}, ${tagged} as tagged, o.superseded_at is not null as superseded,
      rg.kind = 'demonstration' as demonstration
    from image b cross join ${tables}
    where b.chain_id = ${chainId} and o.image_id = b.id and o.deleted_at is null and rg.removed_at is null
    order by tagged desc, superseded, rg.id, rp.name, o.id`)

/** Which of them is named as the base of an image in a registry: of those as good as the first, one of its own. */
export function nearestHolder(
  holders: readonly Holder[],
  registry: { readonly id: string; readonly demonstration: number },
): Place | undefined {
  const own = holders.filter(({ demonstration }) => demonstration === registry.demonstration)
  const best = own.filter(one => one.tagged === own[0]?.tagged && one.superseded === own[0]?.superseded)
  return best.find(({ registryId }) => registryId === registry.id) ?? best[0]
}

/** An image whose whole stack is the image's first `layers` layers. Numbers are bound as floats, and no array has a 0.0th. */
function holderOf(db: Db, occurrenceId: number, layers: number): Place | undefined {
  const { chainId, ...registry } = db.get<{ chainId: string; id: string; demonstration: number }>(sql`
    select i.chain_ids ->> cast(${layers - 1} as integer) as "chainId", rg.id, rg.kind = 'demonstration' as demonstration
    from occurrence o join image i on i.id = o.image_id join repository rp on rp.id = o.repository_id
      join registry rg on rg.id = rp.registry_id where o.id = ${occurrenceId}`)
  return nearestHolder(holdersOf(db, chainId), registry)
}

/**
 * What took the base's tag; else the newest tagged image of its repository and platform, if that is newer. An image may
 * be in its base's repository, and is not what it could be built on instead.
 * @param occurrenceId the image's; null when it is about all images that are on the base.
 */
export function newerThan(db: Db, base: Place, occurrenceId: number | null): Place | undefined {
  const replacement = replacementOf(db, base.id)
  if (replacement !== null && replacement !== occurrenceId)
    return db.get<Place | undefined>(sql`select ${columns} from ${tables} where o.id = ${replacement}`)
  // When an image was pushed is known of an event alone; a listing of the registry finds all of them at once. What
  // they say of their own making orders those, where both say it.
  return db.get<Place | undefined>(sql`
    select ${columns} from ${tables} join image i on i.id = o.image_id join image b on b.id = ${base.imageId}
    where o.repository_id = ${base.repositoryId} and o.deleted_at is null and o.superseded_at is null
      and o.id not in (${base.id}, ${occurrenceId ?? base.id}) and o.coverage_status <> 'not-scanned'
      and i.os is b.os and i.architecture is b.architecture and i.variant is b.variant and ${tagged}
      and iif(i.created_at is not null and b.created_at is not null, i.created_at > b.created_at,
        o.event_at is not null and o.event_at > ${base.pushedAt})
    order by i.created_at desc, o.pushed_at desc, o.id desc limit 1`)
}

interface BasedRow {
  readonly id: number
  readonly registryId: string
  /** 1 or 0: whether that is of the demonstration. */
  readonly demonstration: number
  /** Of the base's layers. */
  readonly chain: string
}

/** Of the images that a condition chooses, those that have a base, with its stack. The aliases are those of `baseDepth`, and occurrence o. */
export const basedImages = (db: Db, condition: SQL): BasedRow[] =>
  db.all<BasedRow>(sql`
    with based as materialized (
      select o.id, rg.id as registry_id, rg.kind = 'demonstration' as demonstration, i.chain_ids, ${baseDepth} as depth
      from occurrence o join image i on i.id = o.image_id join repository rp on rp.id = o.repository_id
        join registry rg on rg.id = rp.registry_id
      where ${condition})
    select id, registry_id as "registryId", demonstration, chain_ids ->> (depth - 1) as chain from based where depth > 0`)

/** The images on this base, where its repository has a newer one to build on. */
export function imagesToMove(db: Db, base: OccurrenceName): number[] {
  const place = db.get<(Place & { readonly chain: string | null }) | undefined>(sql`
    select ${columns}, b.chain_id as chain from ${tables} join image b on b.id = o.image_id
    where rg.id = ${base.registryId} and rp.name = ${base.repository} and o.digest = ${base.digest}
      and o.deleted_at is null and rg.removed_at is null`)
  const newer = place && newerThan(db, place, null)
  if (place?.chain == null || newer === undefined) return []
  const { chain } = place
  const holders = holdersOf(db, chain)
  // Only of images whose stack names the base is the base looked for: the work grows with those that are on it.
  return basedImages(db, sql`o.deleted_at is null and instr(i.chain_ids, ${chain}) > 0`)
    .filter(
      row =>
        row.chain === chain &&
        row.id !== newer.id &&
        nearestHolder(holders, { id: row.registryId, demonstration: row.demonstration })?.id === place.id,
    )
    .map(({ id }) => id)
}

export const linkOf = (db: Db, place: Place): ImageLink => ({
  registryId: place.registryId,
  registryName: place.registryName,
  repository: place.repository,
  digest: place.digest,
  tags: tagsOfDigests(db, [place]).get(placeKey(place.repositoryId, place.digest)) ?? [],
})
