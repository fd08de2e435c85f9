/** Reading values of unknown JSON: what is not of the asked kind reads as absent, and the caller says whether it may be. */

export type Fields = Readonly<Record<string, unknown>>

export const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A text that is not empty. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

export const textsOf = (value: unknown): string[] =>
  listOf(value).filter(one => textOf(one) !== null) as string[]

/**
 * A point in time as RFC 3339 in UTC with milliseconds, so that times order as text; null for anything that is none.
 * The CVE feeds leave the zone out and mean UTC.
 */
export function timeOf(value: unknown): string | null {
  const text = textOf(value)
  if (text === null || !/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i.test(text))
    return null
  const zoned = /T/i.test(text) && !/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? `${text}Z` : text
  const time = Date.parse(zoned)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}
