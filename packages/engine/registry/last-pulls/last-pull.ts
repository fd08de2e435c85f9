import type { Digest } from '@plimsoll/types'

/** When a registry saw an image pulled last, by anybody: ourselves too. */
export interface LastPull {
  /** Of an index or of an image's manifest; one may come several times, of which the latest counts. */
  readonly digest: Digest
  /** ISO 8601, UTC. */
  readonly pulledAt: string
  /** A pull this much earlier or later than `pulledAt` may be the one that is told of. */
  readonly granularityMs: number
}

/** The time in the one form that is kept; null for none, which some write as the year 1. */
export function pullTime(text: string | null | undefined): string | null {
  const at = text == null ? Number.NaN : Date.parse(text)
  return at > 0 ? new Date(at).toISOString() : null
}
