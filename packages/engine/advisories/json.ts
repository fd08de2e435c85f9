/** Reading values of unknown JSON: what is not of the asked kind reads as absent, and the caller says whether it may be. */

export type Fields = Readonly<Record<string, unknown>>

export const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

const none: readonly unknown[] = []

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : none)

/** A text that is not empty. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

/** The texts of a list that are not empty: the list itself, where it has nothing else. */
export function textsOf(value: unknown): readonly string[] {
  const list = listOf(value)
  return (
    list.every(one => textOf(one) !== null) ? list : list.filter(one => textOf(one) !== null)
  ) as string[]
}

/**
 * A point in time as RFC 3339 in UTC with milliseconds, so that times order as text; null for anything that is none.
 * The CVE feeds leave the zone out and mean UTC.
 */
export function timeOf(value: unknown): string | null {
  const text = textOf(value)
  if (text === null) return null
  // Nearly all are written like this, in any month's first 28 days, and need no calendar.
  if (/^\d{4}-(0[1-9]|1[0-2])-([01][1-9]|10|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.test(text))
    return `${text.slice(0, 19)}.000Z`
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i.test(text)) return null
  const zoned = /T/i.test(text) && !/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? `${text}Z` : text
  const time = Date.parse(zoned)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}
