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
import { healthOfRepository } from './health.ts'
import { lastPushes, neverPushed, newestPush } from './pushed.ts'

/** When it was last pushed to and scanned. */
interface LastTimes {
  readonly newestPush: string | null
  readonly lastScannedAt: string | null
}

interface RepositoryRow extends CountColumns, HealthColumns, LastTimes {
  readonly id: number
  readonly images: number
  readonly registryId: string
  readonly registryName: string
  readonly name: string
  readonly plan: Plan
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
    select rp.id, rg.id as "registryId", rg.name as "registryName", rp.name, sub.plan, count(o.id) as images,
      ${newestPush}, max(o.scanned_at) as "lastScannedAt", ${healthOfImages}, ${countsOfImages}
    from repository rp join registry rg on rg.id = rp.registry_id
      join subscription sub on sub.id = rg.subscription_id
      left join occurrence o on o.repository_id = rp.id and ${current}
      left join posture p on p.occurrence_id = o.id
    where rg.removed_at is null and ${where} group by rp.id order by rp.name`)
  const times = rows.map(row => (row.images === 0 ? lastOfGone(db, row.id) : row))
  const pushes = lastPushes(
    db,
    times.map(last => last.newestPush),
  )
  return rows.map((row, at) => {
    const images = imageCounts(row)
    const last = times[at] ?? row
    return {
      registryId: row.registryId,
      registryName: row.registryName,
      name: row.name,
      plan: row.plan,
      ...healthOfRepository(images, {
        plan: row.plan,
        emptied: row.images === 0 && last.newestPush !== null,
      }),
      images,
      findings: findingCounts(row),
      ...(pushes[at] ?? neverPushed),
      lastScannedAt: last.lastScannedAt,
    }
  })
}

/** The same of a repository that holds no image any more: what it held has its times still. */
const lastOfGone = (db: Db, repositoryId: number): LastTimes =>
  db.get<LastTimes>(sql`
    select ${newestPush}, max(o.scanned_at) as "lastScannedAt"
    from repository rp join registry rg on rg.id = rp.registry_id join occurrence o on o.repository_id = rp.id
    where rp.id = ${repositoryId}`)
