import type { Price } from '@plimsoll/types'

const microsPerUnit = 1_000_000

/** An amount with its currency: `EUR 0.29`, with two decimals at least and six at most. */
export const priceText = ({ micros, currency }: Price): string =>
  `${currency} ${new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 6 }).format(micros / microsPerUnit)}`

/** What a person typed as an amount in millionths; null when it is none. A comma stands for a point. */
export function readMicros(text: string): number | null {
  const [, units, decimals = ''] = /^(\d{1,6})(?:[.,](\d{1,6}))?$/.exec(text.trim()) ?? []
  return units === undefined ? null : Number(units) * microsPerUnit + Number(decimals.padEnd(6, '0'))
}

/** Millionths as a person would type them: `0.29`. */
export const microsText = (micros: number): string => String(micros / microsPerUnit)
