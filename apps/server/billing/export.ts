import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { type Charge, monthSchema, readScope } from '@plimsoll/types'
import type { Request, Response } from 'express'
import papaparse from 'papaparse'
import { z } from 'zod'
import { rightOf } from '../access/rights.ts'
import type { Viewer } from '../api/context.ts'
import type { Db } from '../db/open.ts'
import { invalidInput } from '../invalid-input.ts'
import { Refusal } from '../refusal.ts'
import { requireScope } from '../scopes/within.ts'
import { decimal } from './amount.ts'
import { type ChargeCursor, type ChargeFilter, chargesAfter, requireCharged } from './ledger.ts'

const inputSchema = z.object({
  month: monthSchema,
  subscription: z.string().min(1).max(100).optional(),
  scope: z
    .string()
    .max(20_000)
    .transform(readScope)
    .refine(
      scope => scope !== null,
      'Name a scope as subscription:ID,ID, management-group:ID or registry:ID.',
    )
    .optional(),
  format: z.enum(['csv', 'json']).default('csv'),
})

/**
 * GET /api/billing/export?month=2026-11&subscription=ID&scope=subscription:ID,ID&format=csv|json: a month's charges, in the order they were made.
 * It is read and sent page by page, so that a million charges cost no memory.
 */
export async function exportCharges(
  request: Request,
  response: Response,
  { db, viewer }: { db: Db; viewer: Viewer | null },
): Promise<void> {
  if (viewer === null || rightOf(viewer, 'findings/read') !== 'granted') {
    response.status(401).json({ error: 'Sign in first.' })
    return
  }
  const input = inputSchema.safeParse(request.query)
  if (!input.success) {
    response.status(400).json({ error: invalidInput(input.error) })
    return
  }
  const { month, subscription, format } = input.data
  const scope = input.data.scope ?? undefined
  try {
    requireCharged(db, subscription)
    requireScope(db, scope)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    response.status(404).json({ error: error.message })
    return
  }
  const name = ['plimsoll-charges', month, fileName(subscription)].filter(Boolean).join('-')
  response.attachment(`${name}.${format}`).type(format === 'csv' ? 'text/csv' : 'application/json')
  const pages = chargePages(db, { month, subscriptionId: subscription, scope })
  try {
    await pipeline(Readable.from(format === 'csv' ? csvOf(pages) : jsonOf(pages)), response)
  } catch (error) {
    // Whoever asked has gone.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

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

/** Names can be such that a spreadsheet takes them for formulae; those get a quote in front. Numbers stay numbers. */
async function* csvOf(pages: AsyncIterable<readonly Charge[]>): AsyncGenerator<string> {
  const fields = [
    'charged_at',
    'subscription_id',
    'subscription',
    'registry_id',
    'registry',
    'repository',
    'digest',
    'platform',
    'price',
    'currency',
  ]
  yield `${fields.join(',')}\r\n`
  for await (const rows of pages) {
    const data = rows.map(row => [
      row.chargedAt,
      row.subscriptionId,
      row.subscriptionName,
      row.registryId,
      row.registryName,
      row.repository,
      row.digest,
      row.platform ?? '',
      row.price === null ? '' : decimal(row.price.micros),
      row.price?.currency ?? '',
    ])
    yield `${papaparse.unparse(data, { escapeFormulae: true, newline: '\r\n' })}\r\n`
  }
}

async function* jsonOf(pages: AsyncIterable<readonly Charge[]>): AsyncGenerator<string> {
  let before = '['
  for await (const rows of pages) {
    yield before + rows.map(row => `\n${JSON.stringify(row)}`).join(',')
    before = ','
  }
  yield before === '[' ? '[]\n' : '\n]\n'
}
