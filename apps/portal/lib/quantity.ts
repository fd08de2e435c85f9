const grouped = new Intl.NumberFormat('en')
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const twoDecimals = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

/** `1284` as `1,284`. */
export const count = (value: number): string => grouped.format(value)

/** `1 image`, `1,284 images`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${grouped.format(value)} ${value === 1 ? one : many}`

/** Points of the secure score, with at most two decimals. */
export const points = (value: number): string => twoDecimals.format(value)

/**
 * A ratio of 0 to 1 as whole percents. Never rounds an incomplete ratio up to 100 % or a present one down to 0 %.
 */
export function percent(ratio: number): string {
  const rounded = Math.round(ratio * 100)
  if (rounded === 100 && ratio < 1) return '99 %'
  if (rounded === 0 && ratio > 0) return '1 %'
  return `${rounded} %`
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Bytes in decimal units, as registries state sizes: `110.4 MB`. */
export function bytes(value: number): string {
  let unit = 0
  let amount = value
  while (amount >= 999.95 && unit < byteUnits.length - 1) {
    amount /= 1000
    unit++
  }
  return `${oneDecimal.format(amount)} ${byteUnits[unit]}`
}
