/**
 * What a listing found otherwise than the registry's events told of its tags. Most often that is an event on its way, or
 * many that are sent again because we were away: taken in before them, the listing would break the order in which tags
 * moved, which superseding goes by. So where a registry sends events, such a thing is believed when a later look finds
 * it still and no event has come for a while, and in a registry that is never quiet after some minutes.
 */
export interface Doubts {
  /** Whether to believe it now. If not, it is remembered. */
  believe(what: string): boolean
  /** Whether another look is due for anything. */
  readonly pending: boolean
  /** Forgets what no look has found again. Called before each look. */
  begin(): void
}

export interface Told {
  /** Whether the registry sends events at all. */
  readonly sends: boolean
  /** Whether none came for a while. */
  readonly quiet: boolean
}

/** So many differences are no events on their way. */
const most = 10_000
const longestMs = 5 * 60_000

/** @param waitMs how old a difference has to be. */
export function createDoubts(
  waitMs: number,
  told: () => Told,
  now: () => number = () => performance.now(),
): Doubts {
  let before = new Map<string, number>()
  let seen = new Map<string, number>()
  return {
    believe(what) {
      const { sends, quiet } = told()
      const since = before.get(what) ?? now()
      const age = now() - since
      if (!sends || (quiet && age >= waitMs) || age >= longestMs || seen.size >= most) return true
      seen.set(what, since)
      return false
    },
    get pending() {
      return seen.size > 0
    },
    begin() {
      before = seen
      seen = new Map()
    },
  }
}
