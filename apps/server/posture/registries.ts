import type { RegistrySummary } from '@plimsoll/types'
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
import { healthOfResource } from './health.ts'

interface RegistryRow extends CountColumns, HealthColumns {
  readonly id: string
  readonly name: string
  readonly kind: RegistrySummary['kind']
  readonly url: string | null
  readonly connectionError: string | null
  readonly subscriptionId: string
  readonly subscriptionName: string
  readonly repositories: number
  readonly lastPushedAt: string | null
  readonly lastScannedAt: string | null
}

export const listRegistries = (db: Db): RegistrySummary[] => select(db, sql`1`)

/** @throws Refusal when there is no such registry. */
export function getRegistry(db: Db, id: string): RegistrySummary {
  const [registry] = select(db, sql`rg.id = ${id}`)
  if (registry === undefined) throw new Refusal('not-found', `There is no registry ${id}.`)
  return registry
}

function select(db: Db, where: SQL): RegistrySummary[] {
  const rows = db.all<RegistryRow>(sql`
    select rg.id, rg.name, rg.kind, rg.url, rg.connection_error as "connectionError", sub.id as "subscriptionId",
      sub.name as "subscriptionName", count(distinct iif(o.id is null, null, rp.id)) as repositories,
      max(o.pushed_at) as "lastPushedAt", max(o.scanned_at) as "lastScannedAt", ${healthOfImages}, ${countsOfImages}
    from registry rg join subscription sub on sub.id = rg.subscription_id
      left join repository rp on rp.registry_id = rg.id
      left join occurrence o on o.repository_id = rp.id and ${current}
      left join posture p on p.occurrence_id = o.id
    where ${where} group by rg.id order by rg.name, rg.id`)
  return rows.map(row => {
    const images = imageCounts(row)
    return {
      id: row.id,
      name: row.name,
      kind: row.kind,
      url: row.url,
      subscription: { id: row.subscriptionId, name: row.subscriptionName },
      ...healthOfResource(images),
      images,
      findings: findingCounts(row),
      repositories: row.repositories,
      lastPushedAt: row.lastPushedAt,
      lastScannedAt: row.lastScannedAt,
      connectionError: row.connectionError,
    }
  })
}
