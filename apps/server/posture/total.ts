import { type FindingFilter, type Severity, severities } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { namesPlace } from '../findings/where.ts'
import { registryWithin } from '../scopes/within.ts'
import { ofPlanOn } from './plan-off.ts'

/**
 * The number of findings a filter chooses, where the counts kept with each image can tell: filters by place, severity
 * and fix, which are those of most lists. Null for any other.
 */
export function countFromPosture(db: Db, filter: FindingFilter): number | null {
  const counted = columnsOf(filter)
  if (counted === null) return null
  const { scope, subscriptionId, registryId, repository, digest } = filter
  const where: SQL[] = [sql`rg.removed_at is null`, registryWithin(scope)]
  if (!namesPlace(filter)) where.push(ofPlanOn)
  if (subscriptionId !== undefined) where.push(sql`rg.subscription_id = ${subscriptionId}`)
  if (registryId !== undefined) where.push(sql`rg.id = ${registryId}`)
  if (repository !== undefined) where.push(sql`rp.name = ${repository}`)
  if (digest !== undefined) where.push(sql`o.digest = ${digest}`)
  const { total } = db.get<{ total: number }>(sql`
    select coalesce(sum(${counted}), 0) as total
    from posture p join occurrence o on o.id = p.occurrence_id join repository rp on rp.id = o.repository_id
      join registry rg on rg.id = rp.registry_id
    where ${sql.join(where, sql` and `)}`)
  return total
}

/** The columns whose sum it is, or null when there are none. */
function columnsOf(filter: FindingFilter): SQL | null {
  const {
    q,
    cve,
    securityCheck,
    ruleId,
    package: packageName,
    feed,
    kev,
    epssAtLeast,
    layer,
    origin,
  } = filter
  const others = [
    q?.trim() || undefined,
    cve,
    securityCheck,
    ruleId,
    packageName,
    feed,
    kev,
    epssAtLeast,
    layer,
    origin,
  ]
  if (others.some(value => value !== undefined)) return null
  const [only, ...more] = filter.class ?? ['security']
  if (only === undefined || more.length > 0) return null
  const plain = filter.severity === undefined && filter.fix === undefined
  if (only !== 'security') {
    if (filter.status !== 'open' || !plain) return null
    return only === 'unimportant' ? sql`p.unimportant` : sql`p.kernel_headers`
  }
  if (filter.status === 'disabled' && plain) return sql`p.disabled`
  if (filter.status === 'undetermined' && plain) return sql`p.undetermined`
  return filter.status === 'open' ? openColumns(filter) : null
}

function openColumns({ severity, fix }: FindingFilter): SQL {
  const wanted = [...new Set(severity ?? severities)]
  if (wanted.length === 0) return sql`0`
  const column = (kind: 'open' | 'patchable', one: Severity): SQL => sql.raw(`p.${kind}_${one.toLowerCase()}`)
  const sums = wanted.map(one => {
    if (fix === 'available') return column('patchable', one)
    return fix === undefined
      ? column('open', one)
      : sql`(${column('open', one)} - ${column('patchable', one)})`
  })
  return sql.join(sums, sql` + `)
}
