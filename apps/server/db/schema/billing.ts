import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/**
 * The bill: one charge for an image's digest in a subscription, ever. Names and price are those of the day it was
 * charged; a row outlives the subscription and the registry it is about.
 */
export const charge = sqliteTable(
  'charge',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    subscriptionId: text().notNull(),
    subscriptionName: text().notNull(),
    digest: text().notNull(),
    registryId: text().notNull(),
    registryName: text().notNull(),
    repository: text().notNull(),
    platform: text(),
    /** In millionths of `currency`; null when no price was set. */
    priceMicros: integer(),
    currency: text(),
    chargedAt: text().notNull(),
  },
  t => [
    uniqueIndex('charge_once').on(t.subscriptionId, t.digest),
    index('charge_month').on(t.chargedAt, t.subscriptionId),
  ],
)
