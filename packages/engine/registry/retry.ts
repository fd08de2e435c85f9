import { setTimeout as wait } from 'node:timers/promises'
import { SourceError } from './source-error.ts'

/** Time and chance, handed in so that tests need neither. `now` is in milliseconds since the epoch. */
export interface Timing {
  now(): number
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
  /** Evenly from 0 up to, not including, 1. */
  random(): number
}

export const realTiming: Timing = {
  now: Date.now,
  sleep: async (delayMs, signal) => {
    await wait(delayMs, undefined, { signal })
  },
  random: Math.random,
}

/** A failure that another attempt may get past, with the error that it becomes when there are no more. */
export class Transient extends Error {
  readonly error: SourceError
  /** How long the registry asked to be left alone, where it did. */
  readonly retryAfterMs: number | null

  constructor(error: SourceError, retryAfterMs: number | null = null) {
    super(error.message, { cause: error })
    this.name = 'Transient'
    this.error = error
    this.retryAfterMs = retryAfterMs
  }
}

const maxAttempts = 4
const firstDelayMs = 500
const maxDelayMs = 8_000
/** A registry that wants a longer rest than this gets it from whoever queues scans, not from a waiting scan. */
const maxRetryAfterMs = 30_000

/**
 * Attempts something up to four times, as long as it fails with `Transient`. Waits as long as the registry asked
 * (up to 30 s, else it gives up at once), else 0.5, 1, 2 ... seconds, each with jitter so that many scans do not
 * come back together.
 *
 * @throws SourceError the last failure; `cancelled` when the signal aborts a wait
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  timing: Timing,
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (failure) {
      if (!(failure instanceof Transient)) throw failure
      await rest(failure, failures, timing, signal)
    }
  }
}

/** Waits before the next attempt after so many failures, or throws the failure's error when there is none to come. */
export async function rest(
  failure: Transient,
  failures: number,
  timing: Timing,
  signal: AbortSignal,
): Promise<void> {
  if (failures >= maxAttempts || (failure.retryAfterMs ?? 0) > maxRetryAfterMs) throw failure.error
  const delayMs = failure.retryAfterMs ?? Math.min(maxDelayMs, firstDelayMs * 2 ** (failures - 1))
  // Never sooner than was asked for; without a wish, anywhere in the upper half.
  const jittered =
    failure.retryAfterMs === null ? delayMs * (0.5 + timing.random() / 2) : delayMs + timing.random() * 250
  try {
    await timing.sleep(jittered, signal)
  } catch (cause) {
    throw signal.aborted ? cancelled(signal) : cause
  }
}

/**
 * Milliseconds of a Retry-After header, which holds seconds or an HTTP date (RFC 9110, 10.2.3); null when it holds
 * neither. Never negative.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null
  const text = header.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // Date.parse takes much that is no date ("-5"); an HTTP date begins with the name of a day.
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}

export const cancelled = (signal: AbortSignal): SourceError =>
  new SourceError('cancelled', 'Reading the image was cancelled.', { cause: signal.reason })
