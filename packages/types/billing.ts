import { z } from 'zod'

/** What an image costs, once. There is no default. */
export const priceSchema = z.object({
  /** In millionths of the currency. */
  micros: z.int().nonnegative().max(1_000_000_000_000),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/, 'Give a currency as three letters: EUR.'),
})
export type Price = z.infer<typeof priceSchema>

export const monthSchema = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'Give a month as 2026-11.')

export const chargeSchema = z.object({
  id: z.string(),
  subscriptionId: z.string(),
  subscriptionName: z.string(),
  digest: z.string(),
  registryId: z.string(),
  registryName: z.string(),
  repository: z.string(),
  platform: z.string().nullable(),
  /** The price of that day; null when none was set. */
  price: priceSchema.nullable(),
  chargedAt: z.iso.datetime(),
  /** The image's page is there still. */
  present: z.boolean(),
})
export type Charge = z.infer<typeof chargeSchema>

/** A subscription's month. Amounts are by currency; images charged without a price are counted apart. */
export const monthTotalSchema = z.object({
  month: monthSchema,
  subscriptionId: z.string(),
  subscriptionName: z.string(),
  images: z.int(),
  withoutPrice: z.int(),
  amounts: z.array(priceSchema),
})
export type MonthTotal = z.infer<typeof monthTotalSchema>
