import type { Charge, MonthTotal, Price, Scope } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { subscriptionIdsWithin } from '../scopes/within.ts'

/** What was charged. Names are those of the day; months are of UTC. */

export interface ChargeFilter {
  /** `2026-11`. */
  readonly month: string
  readonly subscriptionId?: string | undefined
  readonly scope?: Scope | undefined
}

/**
 * A subscription that was deleted is in the ledger as long as it was charged something.
 * @throws Refusal when there is none such, and never was.
 */
export function requireCharged(db: Db, subscriptionId: string | undefined): void {
  if (subscriptionId === undefined) return
  const known = prepared(
    db,
    `select exists (select 1 from subscription where id = @id) or exists (
       select 1 from charge where subscription_id = @id)`,
  )
    .pluck()
    .get({ id: subscriptionId })
  if (known !== 1) {
    throw new Refusal('not-found', `There is no subscription ${subscriptionId}.`, {
      hint: 'It goes by its id, which "plimsoll bill months" and "plimsoll scopes tree" list.',
    })
  }
}

/** Every month in which something was charged, the newest first. */
export function listMonths(db: Db, { subscriptionId, scope }: Omit<ChargeFilter, 'month'>): MonthTotal[] {
  requireCharged(db, subscriptionId)
  const rows = prepared(
    db,
    `select substr(c.charged_at, 1, 7) month, c.subscription_id subscriptionId, c.currency, count(*) images,
       sum(c.price_micros) micros, max(c.id) newest
     from charge c where ${ofPlace} group by 1, 2, 3 order by 1 desc, 2, 3`,
  )
    // Sums of many prices may be longer than a number holds exactly.
    .safeIntegers()
    .all(placeOf(db, { subscriptionId, scope })) as SumRow[]
  const months = new Map<string, { total: MonthTotal; newest: bigint }>()
  for (const row of rows) {
    const key = `${row.month} ${row.subscriptionId}`
    const known = months.getOrInsertComputed(key, () => ({
      newest: 0n,
      total: {
        month: row.month,
        subscriptionId: row.subscriptionId,
        subscriptionName: '',
        images: 0,
        withoutPrice: 0,
        amounts: [],
      },
    }))
    known.total.images += Number(row.images)
    if (row.currency === null) known.total.withoutPrice += Number(row.images)
    else known.total.amounts.push({ micros: Number(row.micros), currency: row.currency })
    if (row.newest > known.newest) known.newest = row.newest
  }
  return [...months.values()].map(({ total, newest }) => ({ ...total, subscriptionName: nameOf(db, newest) }))
}

interface SumRow {
  readonly month: string
  readonly subscriptionId: string
  readonly currency: string | null
  readonly images: bigint
  readonly micros: bigint | null
  readonly newest: bigint
}

/** The name a subscription had when it was last charged that month. */
const nameOf = (db: Db, chargeId: bigint): string =>
  prepared(db, 'select subscription_name from charge where id = ?').pluck().get(chargeId) as string

/** The newest first. */
export function listCharges(
  db: Db,
  { page, size, ...filter }: ChargeFilter & { readonly page: number; readonly size: number },
): { rows: Charge[]; total: number } {
  requireCharged(db, filter.subscriptionId)
  const bounds = boundsOf(db, filter)
  const total = prepared(db, `select count(*) from charge c where ${ofMonth}`).pluck().get(bounds) as number
  const rows = prepared(
    db,
    `select ${columns} from charge c where ${ofMonth} order by c.charged_at desc, c.id desc
     limit @size offset @offset`,
  ).all({ ...bounds, size, offset: (page - 1) * size }) as ChargeRow[]
  return { rows: rows.map(chargeOf), total }
}

/** Where a walk over a month's charges stands. */
export interface ChargeCursor {
  readonly chargedAt: string
  readonly id: number
}

/** The charges of a month in the order they were made, from behind `after`. */
export function chargesAfter(
  db: Db,
  filter: ChargeFilter,
  after: ChargeCursor | null,
  size: number,
): { rows: Charge[]; last: ChargeCursor | null } {
  const bounds = boundsOf(db, filter)
  // The lower bound moves on, so that no page is looked for from the month's start.
  const rows = prepared(
    db,
    `select ${columns} from charge c where ${ofMonth} and (c.charged_at > @from or c.id > @id)
     order by c.charged_at, c.id limit @size`,
  ).all({ ...bounds, size, from: after?.chargedAt ?? bounds.from, id: after?.id ?? 0 }) as ChargeRow[]
  const newest = rows.at(-1)
  return {
    rows: rows.map(chargeOf),
    last: newest === undefined ? null : { chargedAt: newest.chargedAt, id: newest.id },
  }
}

const ofPlace = `(@subscriptionId is null or c.subscription_id = @subscriptionId)
  and (@subscriptions is null or c.subscription_id in (select value from json_each(@subscriptions)))
  and (@registries is null or c.registry_id in (select value from json_each(@registries)))`
const ofMonth = `c.charged_at >= @from and c.charged_at < @until
  and ${ofPlace}`

/** Times are ISO 8601 texts, so months are bounds of text: `2026-11-01` and the first text behind `2026-11-31`. */
const boundsOf = (db: Db, { month, ...place }: ChargeFilter) => ({
  from: `${month}-`,
  until: `${month}.`,
  ...placeOf(db, place),
})

/** Of a scope of subscriptions, what was charged to them; of one of registries, what was charged for what is in them. */
const placeOf = (db: Db, { subscriptionId, scope }: Omit<ChargeFilter, 'month'>) => ({
  subscriptionId: subscriptionId ?? null,
  subscriptions: scope?.kind === 'registry' ? null : subscriptionIdsWithin(db, scope),
  registries: scope?.kind === 'registry' ? JSON.stringify(scope.ids) : null,
})

const columns = `c.id, c.subscription_id subscriptionId, c.subscription_name subscriptionName, c.digest,
  c.registry_id registryId, c.registry_name registryName, c.repository, c.platform, c.price_micros micros, c.currency,
  c.charged_at chargedAt, exists (
    select 1 from repository rp join registry rg on rg.id = rp.registry_id
      join occurrence o on o.repository_id = rp.id and o.digest = c.digest
    where rp.registry_id = c.registry_id and rp.name = c.repository and rg.removed_at is null) present`

interface ChargeRow extends Omit<Charge, 'id' | 'price' | 'present'> {
  readonly id: number
  readonly micros: number | null
  readonly currency: string | null
  readonly present: number
}

const chargeOf = ({ id, micros, currency, present, ...row }: ChargeRow): Charge => ({
  id: String(id),
  subscriptionId: row.subscriptionId,
  subscriptionName: row.subscriptionName,
  digest: row.digest,
  registryId: row.registryId,
  registryName: row.registryName,
  repository: row.repository,
  platform: row.platform,
  price: priceOf(micros, currency),
  chargedAt: row.chargedAt,
  present: present === 1,
})

const priceOf = (micros: number | null, currency: string | null): Price | null =>
  micros === null || currency === null ? null : { micros, currency }
