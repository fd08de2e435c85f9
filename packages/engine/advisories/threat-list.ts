import { type DownloadLimits, withFile } from './place.ts'

/** What a list of what is known of attacks says of itself, and what of it was passed over. */
export interface ThreatList {
  /** The day the list is of, `2024-03-29`; null when it does not say one. */
  readonly asOf: string | null
  /** Entries that could not be used. */
  readonly rejected: number
  /** A sentence for each reason why, with how many entries it was. */
  readonly notes: readonly string[]
}

export interface ThreatLimits extends DownloadLimits {
  /** Of the list, inflated. */
  readonly maxListBytes: number
}

/** CISA's catalogue is some 1.5 MB, FIRST's scores some 3 MB, and 11 MB inflated. */
export const threatLimits: ThreatLimits = {
  maxDownloadBytes: 64 * 1024 * 1024,
  maxListBytes: 64 * 1024 * 1024,
  silenceTimeoutMs: 60_000,
}

/**
 * `withFile` for the first of some paths that a place has. A list lies in a folder of its own beside the feeds, or
 * under its publisher's address itself.
 * @returns false when the place has none of them.
 */
export async function* withAnyFile<T>(
  location: string,
  paths: readonly string[],
  signal: AbortSignal,
  limits: DownloadLimits,
  use: (file: string) => AsyncIterable<T>,
): AsyncGenerator<T, boolean> {
  for (const path of paths) if (yield* withFile(location, path, signal, limits, use)) return true
  return false
}

/** Counts what was passed over, by reason. */
export function rejections(one: string, several: string) {
  const reasons = new Map<string, number>()
  return {
    add: (reason: string): void => void reasons.set(reason, (reasons.get(reason) ?? 0) + 1),
    result: (): Pick<ThreatList, 'rejected' | 'notes'> => ({
      rejected: reasons.values().reduce((sum, count) => sum + count, 0),
      notes: Array.from(reasons, ([reason, count]) => `${count} ${count === 1 ? one : several}: ${reason}`),
    }),
  }
}

/** The day of a time or date, `2024-03-29`; null when there is none such in the text, or in the calendar. */
export function dayOf(text: string | null): string | null {
  const [day] = /^\d{4}-\d\d-\d\d(?![0-9])/.exec(text ?? '') ?? []
  // The calendar counts the 31st of February as the 3rd of March.
  return day !== undefined && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ? day : null
}
