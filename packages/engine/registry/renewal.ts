import type { Timing } from './retry.ts'

/** What is let in for a while. */
interface Expiring {
  readonly expiresAtMs: number
}

/** Something that is asked for when it is needed, and again before it expires. */
export interface Renewal<T> {
  /** What holds now. Those who need it at the same time share the asking; what one asks with ends with its signal. */
  current(signal: AbortSignal): Promise<T>
  /** Whether asking again could give another than this one, which was refused: not when it was given just now. */
  refused(value: T): boolean
}

/** Renewed this long before the end, for clocks that differ and requests under way. */
const beforeEndMs = 10_000
/** What was given since then and is refused is not refused for its age. */
const justGivenMs = 60_000

/** @param ask throws SourceError */
export function renewal<T extends Expiring>(
  ask: (signal: AbortSignal) => Promise<T>,
  timing: Timing,
): Renewal<T> {
  let shared: { readonly answer: Promise<T>; readonly askedAtMs: number } | null = null
  let last: { readonly value: T; readonly givenAtMs: number } | null = null
  return {
    async current(signal) {
      while (shared !== null) {
        const known = shared
        // Whoever asked may have failed for a reason of its own, such as being cancelled.
        const value = await known.answer.catch(() => null)
        if (value !== null && value.expiresAtMs - beforeEndMs > timing.now()) return value
        if (shared === known) shared = null
      }
      const asked = { answer: ask(signal), askedAtMs: timing.now() }
      shared = asked
      try {
        const value = await asked.answer
        last = { value, givenAtMs: asked.askedAtMs }
        return value
      } catch (error) {
        if (shared === asked) shared = null
        throw error
      }
    },
    refused(value) {
      // Somebody else's renewal was faster.
      if (last?.value !== value) return true
      if (timing.now() - last.givenAtMs < justGivenMs) return false
      shared = null
      return true
    },
  }
}
