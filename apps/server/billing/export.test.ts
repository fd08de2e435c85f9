import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Charge, chargeSchema } from '@plimsoll/types'
import express from 'express'
import papaparse from 'papaparse'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Db, openInMemory } from '../db/open.ts'
import { startApp, type TestApp } from '../testdata/app.ts'
import { makeCharges } from '../testdata/charges.ts'
import { decimal } from './amount.ts'
import { exportCharges } from './export.ts'
import { listCharges, listMonths } from './ledger.ts'
import { setPrice } from './price.ts'

let db: Db
let url: string
let app: TestApp
const server = createServer()
beforeAll(async () => {
  db = openInMemory()
  makeCharges(db, 2500, '2026-11')
  db.$client.exec(`update charge set digest = replace(digest, 'sha256:0', 'sha256:f')`)
  makeCharges(db, 10, '2026-12')
  const viewer = { id: '1', name: 'Ada', role: 'Security Reader' } as const
  server.on(
    'request',
    express().use((request, response) => exportCharges(request, response, { db, viewer })),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  app = await startApp()
})
afterAll(async () => {
  server.close()
  await app.stop()
})

const get = async (query: string) => {
  const answer = await fetch(`${url}/?${query}`)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

test('a month as CSV: every charge once, in order, and nothing that a spreadsheet would run', async () => {
  const { status, headers, text } = await get('month=2026-11')
  expect([status, headers.get('content-type'), headers.get('content-disposition')]).toEqual([
    200,
    'text/csv; charset=utf-8',
    'attachment; filename=plimsoll-charges-2026-11.csv',
  ])
  const { data, errors } = papaparse.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: true,
  })
  expect([errors, data.length, new Set(data.map(row => row['digest'])).size]).toEqual([[], 2500, 2500])
  const days = data.map(row => row['charged_at'] ?? '')
  expect(days).toEqual(days.toSorted())
  expect(new Set(data.map(row => row['subscription']))).toEqual(new Set(['Line 1', "'=cmd|calc"]))
  expect(new Set(data.map(row => `${row['price']} ${row['currency']}`))).toEqual(
    new Set([' ', '0.290001 EUR', '0.290001 USD']),
  )
})

test('a subscription’s month as JSON has the charges that the page lists', async () => {
  const { headers, text } = await get('month=2026-11&subscription=line-2&format=json')
  expect(headers.get('content-disposition')).toContain('plimsoll-charges-2026-11-line-2.json')
  const charges = z.array(chargeSchema).parse(JSON.parse(text))
  const listed: Charge[] = []
  for (let page = 1; page <= 7; page++)
    listed.push(...listCharges(db, { month: '2026-11', subscriptionId: 'line-2', page, size: 200 }).rows)
  expect(charges.toReversed()).toEqual(listed)
  expect([charges.length, charges.every(({ present }) => !present)]).toEqual([1250, true])
  expect((await get('month=2025-01&format=json')).text).toBe('[]\n')
})

test('months sum exactly, by currency, and what had no price is counted apart', () => {
  const priced = { micros: 290_001 * 417, currency: 'EUR' }
  expect(listMonths(db, { subscriptionId: 'line-1' })).toMatchObject([
    { month: '2026-12', images: 5 },
    {
      month: '2026-11',
      subscriptionId: 'line-1',
      subscriptionName: 'Line 1',
      images: 1250,
      withoutPrice: 417,
      amounts: [priced, { currency: 'USD' }],
    },
  ])
  expect(listMonths(db, {}).map(({ month, subscriptionId }) => [month, subscriptionId])).toEqual([
    ['2026-12', 'line-1'],
    ['2026-12', 'line-2'],
    ['2026-11', 'line-1'],
    ['2026-11', 'line-2'],
  ])
})

test.each([
  [0, '0'],
  [1, '0.000001'],
  [290_000, '0.29'],
  [1_000_000, '1'],
  [12_345_678_900_000, '12345678.9'],
])('%i micros are %s', (micros, text) => {
  expect(decimal(micros)).toBe(text)
})

test('what makes no sense is refused, and nobody reads it without signing in', async () => {
  for (const query of ['', 'month=2026-13', 'month=2026-11&format=xml', 'month=2026-11&subscription=']) {
    expect((await get(query)).status).toBe(400)
  }
  expect((await get('month=2026-13')).text).toContain('"Give a month as 2026-11."')
  const answer = await fetch(`${app.url}/api/billing/export?month=2026-11`)
  expect([answer.status, await answer.json()]).toEqual([401, { error: 'Sign in first.' }])
})

test('of a subscription that never was there is nothing to export; of one that was deleted there is', async () => {
  expect(await get('month=2026-11&subscription=nope')).toMatchObject({
    status: 404,
    text: '{"error":"There is no subscription nope."}',
  })
  expect(() => listMonths(db, { subscriptionId: 'nope' })).toThrow('There is no subscription nope.')
  const { s } = db.$client.prepare('select subscription_id s from charge limit 1').get() as { s: string }
  expect(db.$client.prepare('select 1 from subscription where id = ?').get(s)).toBeUndefined()
  const { status, text } = await get(`month=2026-11&subscription=${s}`)
  expect([status, text.split('\r\n').length > 100]).toEqual([200, true])
})

test('a price is in a currency that there is', () => {
  const deps = { db, events: app.events, log: pino({ level: 'silent' }), viewer: { name: 'Ada' } }
  expect(() => setPrice({ micros: 1, currency: 'ZZQ' }, deps)).toThrow('There is no currency ZZQ.')
  expect(setPrice({ micros: 1, currency: 'CHF' }, deps)).toEqual({ micros: 1, currency: 'CHF' })
})
