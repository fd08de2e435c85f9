import { type Price, priceSchema } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { Refusal } from '../refusal.ts'

const key = 'price-per-image'

/** What an image costs now; null until somebody sets it. */
export function readPrice(db: Db): Price | null {
  const value = prepared(db, 'select value from setting where key = ?').pluck().get(key)
  return value === undefined ? null : priceSchema.parse(JSON.parse(value as string))
}

/** Those of ISO 4217 that this Node.js knows. */
const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/**
 * For images charged from now on: the ledger keeps the price of its day.
 * @throws Refusal when its currency is none.
 */
export function setPrice(
  price: Price | null,
  { db, events, log, viewer }: { db: Db; events: EventBus; log: Logger; viewer: { readonly name: string } },
): Price | null {
  if (price !== null && !currencies.has(price.currency)) {
    throw new Refusal('bad-request', `There is no currency ${price.currency}.`, {
      hint: 'Give its three letters as in ISO 4217: EUR, USD, JPY.',
    })
  }
  if (price === null) prepared(db, 'delete from setting where key = ?').run(key)
  else
    prepared(
      db,
      'insert into setting (key, value) values (?, ?) on conflict do update set value = excluded.value',
    ).run(key, JSON.stringify(price))
  log.info({ audit: 'price-changed', price, by: viewer.name }, 'the price of an image was changed')
  events.publish({ type: 'changed', what: 'billing' })
  return price
}
