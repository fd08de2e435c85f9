import type { FindingDetail, ImageDetail, Layer } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { whereFilter } from '../findings/where.ts'
import { layersOf } from './image-content.ts'

interface LayerName {
  readonly imageId: number | null
  readonly registryId: string
  readonly repository: string
  readonly digest: string
}

/**
 * An image's layers, each with what it brought.
 * @param ofBase how many of them, from the bottom, are the base image's.
 */
export function describeLayers(
  db: Db,
  { imageId, ...name }: LayerName,
  ofBase: number,
): ImageDetail['layers'] {
  const packages = countsByLayer(
    db.all(sql`select e.layer, count(*) as count from image_package ip join evidence e on e.id = ip.evidence_id
      where ip.image_id = ${imageId} group by e.layer`),
  )
  const findings = countsByLayer(
    db.all(sql`select ml.layer, count(*) as count
      from registry rg join repository rp on rp.registry_id = rg.id join occurrence o on o.repository_id = rp.id
        cross join finding f indexed by finding_counts on f.occurrence_id = o.id
        join match_layer ml on ml.match_id = f.match_id
      where rg.id = ${name.registryId} and rp.name = ${name.repository} and o.digest = ${name.digest}
        and ${whereFilter({ status: 'open' })}
      group by ml.layer`),
  )
  return layersOf(db, imageId).map((layer, at) => ({
    ...layer,
    packages: packages.get(layer.diffId) ?? 0,
    findings: findings.get(layer.diffId) ?? 0,
    ofBase: at < ofBase,
  }))
}

/** Those of an image's layers that brought the given packages, bottom first. */
export function layersThatBrought(
  layers: readonly Layer[],
  packages: readonly { readonly layer: string | null }[],
  ofBase: number,
): FindingDetail['layers'] {
  const brought = new Set(packages.map(({ layer }) => layer))
  const positions = new Map(layers.map(({ diffId }, at) => [diffId, at]).toReversed() as [string, number][])
  return Array.from(positions, ([diffId, at]) => ({
    diffId,
    position: at + 1,
    createdBy: layers[at]?.createdBy ?? null,
    ofBase: at < ofBase,
  }))
    .filter(({ diffId }) => brought.has(diffId))
    .toSorted((a, b) => a.position - b.position)
}

const countsByLayer = (rows: unknown[]): Map<string, number> =>
  new Map((rows as { layer: string; count: number }[]).map(({ layer, count }) => [layer, count]))
