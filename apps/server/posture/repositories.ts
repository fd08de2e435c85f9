import type { Plan, RepositorySummary } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { Refusal } from '../refusal.ts'
import {
  type CountColumns,
  countsOfImages,
  current,
  findingCounts,
  type HealthColumns,
  healthOfImages,
  imageCounts,
} from './counts.ts'
import { healthOfResource, planOffReason } from './health.ts'

interface RepositoryRow extends CountColumns, HealthColumns {
  readonly registryId: string
  readonly registryName: string
  readonly name: string
  readonly plan: Plan
  readonly lastPushedAt: string | null
  readonly lastScannedAt: string | null
}

/** The repositories of a registry that hold an image, by name. */
export const listRepositories = (db: Db, registryId: string): RepositorySummary[] =>
  select(db, sql`rg.id = ${registryId} and o.id is not null`)

/** @throws Refusal when there is no such repository. One that holds no image any more is still told of. */
export function getRepository(db: Db, registryId: string, name: string): RepositorySummary {
  const [repository] = select(db, sql`rg.id = ${registryId} and rp.name = ${name}`)
  if (repository === undefined) {
    throw new Refusal('not-found', `There is no repository ${name} in ${registryId}.`)
  }
  return repository
}

function select(db: Db, where: SQL): RepositorySummary[] {
  const rows = db.all<RepositoryRow>(sql`
    select rg.id as "registryId", rg.name as "registryName", rp.name, sub.plan, max(o.pushed_at) as "lastPushedAt",
      max(o.scanned_at) as "lastScannedAt", ${healthOfImages}, ${countsOfImages}
    from repository rp join registry rg on rg.id = rp.registry_id
      join subscription sub on sub.id = rg.subscription_id
      left join occurrence o on o.repository_id = rp.id and ${current}
      left join posture p on p.occurrence_id = o.id
    where rg.removed_at is null and ${where} group by rp.id order by rp.name`)
  return rows.map(row => {
    const images = imageCounts(row)
    return {
      registryId: row.registryId,
      registryName: row.registryName,
      name: row.name,
      ...(row.plan === 'off'
        ? { health: 'not-applicable' as const, healthReason: planOffReason }
        : healthOfResource(images)),
      images,
      findings: findingCounts(row),
      lastPushedAt: row.lastPushedAt,
      lastScannedAt: row.lastScannedAt,
    }
  })
}
