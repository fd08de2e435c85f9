import {
  noSeverities,
  type RegistryDetail,
  type RegistrySummary,
  type Scope,
  type Severity,
  type SeverityCounts,
  severities,
  severityRank,
} from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { registryWithin } from '../scopes/within.ts'
import {
  type CountColumns,
  countsOfImages,
  current,
  findingCounts,
  type HealthColumns,
  healthOfImages,
  imageCounts,
  imageHealth,
  worstRank,
} from './counts.ts'
import { healthOfRegistry } from './health.ts'
import { type LastPush, lastPushes, neverPushed, newestPush } from './pushed.ts'

interface StoredRow extends CountColumns, HealthColumns {
  readonly id: string
  readonly name: string
  readonly kind: RegistrySummary['kind']
  readonly url: string | null
  readonly connectionError: string | null
  readonly reached: number
  readonly connectionCode: RegistrySummary['connectionCode']
  readonly reconciledAt: string | null
  readonly resourceGroup: string | null
  readonly plan: RegistrySummary['plan']
  readonly credentialKind: RegistryDetail['credentialKind'] | null
  readonly certificateAuthority: string | null
  readonly proxy: string | null
  readonly watched: string | null
  readonly eventIdentity: string | null
  readonly subscriptionId: string
  readonly subscriptionName: string
  readonly repositories: number
  readonly newestPush: string | null
  readonly lastScannedAt: string | null
}

type RegistryRow = StoredRow & LastPush

export const listRegistries = (db: Db, scope?: Scope): RegistrySummary[] =>
  select(db, registryWithin(scope)).map(summaryOf)

/** All but how its events come. @throws Refusal when there is no such registry. */
export function getRegistry(db: Db, id: string): Omit<RegistryDetail, 'webhook'> {
  const [row] = select(db, sql`rg.id = ${id}`)
  if (row === undefined) throw new Refusal('not-found', `There is no registry ${id}.`)
  const lastEventAt = prepared(db, 'select max(received_at) from webhook_event where registry_id = ?').pluck()
  return {
    ...summaryOf(row),
    vulnerableImages: vulnerableImagesOf(db, id),
    credentialKind: row.credentialKind ?? 'none',
    hasCertificateAuthority: row.certificateAuthority !== null,
    proxy: row.proxy,
    repositoriesWatched: JSON.parse(row.watched ?? '[]') as string[],
    eventIdentity: JSON.parse(row.eventIdentity ?? '{}') as RegistryDetail['eventIdentity'],
    lastEventAt: lastEventAt.get(id) as string | null,
  }
}

function vulnerableImagesOf(db: Db, id: string): SeverityCounts {
  const rows = db.all<{ rank: number; images: number }>(sql`
    select ${worstRank} as rank, count(*) as images
    from repository rp join occurrence o on o.repository_id = rp.id and ${current}
      join posture p on p.occurrence_id = o.id
    where rp.registry_id = ${id} and ${imageHealth} = 'unhealthy' group by rank`)
  const imagesOf = (severity: Severity): number =>
    rows.find(({ rank }) => rank === severityRank[severity])?.images ?? 0
  return { ...noSeverities(), ...Object.fromEntries(severities.map(each => [each, imagesOf(each)])) }
}

function select(db: Db, where: SQL): RegistryRow[] {
  const rows = db.all<StoredRow>(sql`
    select rg.id, rg.name, rg.kind, rg.url, rg.connection_error as "connectionError",
      rg.connection_code as "connectionCode",
      coalesce(rg.connected_at, rg.discovered_at) is not null as reached, rg.reconciled_at as "reconciledAt", rg.resource_group as "resourceGroup",
      sub.plan, rg.credential_kind as "credentialKind", rg.certificate_authority as "certificateAuthority", rg.proxy,
      rg.repositories as watched, rg.event_identity as "eventIdentity", sub.id as "subscriptionId",
      sub.name as "subscriptionName", count(distinct iif(o.id is null, null, rp.id)) as repositories,
      ${newestPush}, max(o.scanned_at) as "lastScannedAt", ${healthOfImages}, ${countsOfImages}
    from registry rg join subscription sub on sub.id = rg.subscription_id
      left join repository rp on rp.registry_id = rg.id
      left join occurrence o on o.repository_id = rp.id and ${current}
      left join posture p on p.occurrence_id = o.id
    where rg.removed_at is null and ${where} group by rg.id order by rg.name, rg.id`)
  const pushes = lastPushes(
    db,
    rows.map(row => row.newestPush),
  )
  return rows.map((row, at) => ({ ...row, ...(pushes[at] ?? neverPushed) }))
}

function summaryOf(row: RegistryRow): RegistrySummary {
  const images = imageCounts(row)
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    url: row.url,
    subscription: { id: row.subscriptionId, name: row.subscriptionName },
    resourceGroup: row.resourceGroup,
    plan: row.plan,
    ...healthOfRegistry(images, {
      plan: row.plan,
      reached: row.reached === 1,
      trouble: row.connectionError,
    }),
    images,
    findings: findingCounts(row),
    repositories: row.repositories,
    lastPushedAt: row.lastPushedAt,
    lastPushTold: row.lastPushTold,
    lastScannedAt: row.lastScannedAt,
    connectionError: row.connectionError,
    connectionCode: row.connectionCode,
    reconciledAt: row.reconciledAt,
  }
}
