import { text as wholeText } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { Price } from '@plimsoll/types'
import { decimal } from '../billing/amount.ts'
import { actionGroup, Misuse, NotDone } from './action.ts'

const subscription = { subscription: { value: 'ID', about: 'of this subscription only' } } as const

/** `plimsoll bill`: what was charged. */
export const billCommand = actionGroup('bill', 'What was charged: each image once, for each subscription', {
  months: {
    about: 'list the months and their sums',
    usage: '',
    flags: subscription,
    async run({ api, text, list }) {
      const months = await api.billing.months.query({ subscriptionId: text('subscription') })
      list(months, ['MONTH', 'SUBSCRIPTION', 'IMAGES', 'WITHOUT PRICE', 'AMOUNT'], one => [
        one.month,
        one.subscriptionName,
        one.images,
        one.withoutPrice,
        one.amounts.map(amount).join(', ') || '-',
      ])
    },
  },
  charges: {
    about: 'list the charges of a month such as 2026-11, the newest first',
    usage: 'MONTH',
    flags: { ...subscription, page: { value: 'N', about: 'pages are of 100 (default 1)' } },
    async run({ api, argument, text, number, list }) {
      const input = { month: argument(0, 'month'), subscriptionId: text('subscription') }
      const { rows } = await api.billing.charges.query({ ...input, page: number('page') ?? 1, size: 100 })
      list(rows, ['CHARGED', 'SUBSCRIPTION', 'REGISTRY', 'REPOSITORY', 'DIGEST', 'PRICE'], one => [
        one.chargedAt,
        one.subscriptionName,
        one.registryName,
        one.repository,
        one.digest,
        one.price === null ? '-' : amount(one.price),
      ])
    },
  },
  export: {
    about: 'write all charges of a month to standard output',
    usage: 'MONTH',
    flags: { ...subscription, format: { value: 'csv|json', about: 'what to write (default csv)' } },
    async run({ get, argument, text }) {
      const format = text('format') ?? 'csv'
      if (format !== 'csv' && format !== 'json') throw new Misuse(`--format is csv or json, not "${format}"`)
      const query = new URLSearchParams({ month: argument(0, 'month'), format })
      const of = text('subscription')
      if (of !== undefined) query.set('subscription', of)
      const answer = await get(`/api/billing/export?${query.toString()}`)
      if (answer.statusCode !== 200) {
        const { error } = JSON.parse(await wholeText(answer)) as { error?: string }
        throw new NotDone(error ?? 'The server did not answer.')
      }
      try {
        await pipeline(answer, process.stdout, { end: false })
      } catch (error) {
        // Whoever reads has had enough (`| head`).
        if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
      }
    },
  },
  price: {
    about: 'show the price of an image, or set it: price 0.29 EUR, price none',
    usage: '[AMOUNT|none] [CURRENCY]',
    async run({ api, optional, say }) {
      const given = optional(0)
      if (given !== undefined)
        await api.billing.setPrice.mutate({ price: given === 'none' ? null : priceOf(given, optional(1)) })
      const price = await api.billing.price.query()
      say(price === null ? 'No price is set.' : `${amount(price)} for each image`)
    },
  },
})

const amount = ({ micros, currency }: Price): string => `${decimal(micros)} ${currency}`

function priceOf(text: string, currency: string | undefined): Price {
  const [, whole, fraction = ''] = /^(\d{1,7})(?:\.(\d{1,6}))?$/.exec(text) ?? []
  if (whole === undefined) throw new Misuse(`an amount is like 0.29, not "${text}"`)
  if (currency === undefined) throw new Misuse('name the currency as well: 0.29 EUR')
  return { micros: Number(whole + fraction.padEnd(6, '0')), currency: currency.toUpperCase() }
}
