import { setImmediate } from 'node:timers/promises'
import { type Charge, monthSchema } from '@plimsoll/types'
import { z } from 'zod'
import type { Db } from '../db/open.ts'
import { exporting, scopeParameter } from '../exports/answer.ts'
import { type Columns, csvOf } from '../exports/csv.ts'
import { decimal } from './amount.ts'
import { type ChargeCursor, type ChargeFilter, chargesAfter, requireCharged } from './ledger.ts'

const inputSchema = z.object({
  month: monthSchema,
  subscription: z.string().min(1).max(100).optional(),
  scope: scopeParameter,
  format: z.enum(['csv', 'json']).default('csv'),
})

/**
 * GET /api/billing/export?month=2026-11&subscription=ID&scope=subscription:ID,ID&format=csv|json: a month's charges, in
 * the order they were made. It is read and sent page by page, so that a million charges cost no memory.
 */
export const exportCharges = exporting(inputSchema, ({ month, subscription, scope, format }, { db }) => {
  requireCharged(db, subscription)
  const pages = chargePages(db, { month, subscriptionId: subscription, scope })
  return {
    name: ['plimsoll-charges', month, fileName(subscription)].filter(Boolean).join('-'),
    format,
    pieces: format === 'csv' ? csvOf(columns, pages) : jsonOf(pages),
  }
})

const fileName = (subscription: string | undefined): string | null =>
  subscription?.replaceAll(/[^a-zA-Z0-9-]+/g, '-') ?? null

const pageSize = 1000

async function* chargePages(db: Db, filter: ChargeFilter): AsyncGenerator<readonly Charge[]> {
  let after: ChargeCursor | null = null
  for (;;) {
    const page: ReturnType<typeof chargesAfter> = chargesAfter(db, filter, after, pageSize)
    if (page.rows.length > 0) yield page.rows
    if (page.last === null || page.rows.length < pageSize) return
    after = page.last
    await setImmediate()
  }
}

const columns: Columns<Charge> = {
  charged_at: row => row.chargedAt,
  subscription_id: row => row.subscriptionId,
  subscription: row => row.subscriptionName,
  registry_id: row => row.registryId,
  registry: row => row.registryName,
  repository: row => row.repository,
  digest: row => row.digest,
  platform: row => row.platform,
  price: row => row.price && decimal(row.price.micros),
  currency: row => row.price && row.price.currency,
}

async function* jsonOf(pages: AsyncIterable<readonly Charge[]>): AsyncGenerator<string> {
  let before = '['
  for await (const rows of pages) {
    yield before + rows.map(row => `\n${JSON.stringify(row)}`).join(',')
    before = ','
  }
  yield before === '[' ? '[]\n' : '\n]\n'
}
