/**
 * What a look at a registry found otherwise than its events told. Most often that is an event on its way, of one that
 * is sent again because we were away: taken in before it, the look would break the order in which tags moved, which
 * superseding goes by. So where a registry sends events, such a thing is believed when a second look, a while later,
 * finds it still.
 */
export interface Doubts {
  /** Whether to believe it now. If not, it is remembered. */
  believe(what: string): boolean
  /** Whether a second look is due for anything. */
  readonly pending: boolean
  /** Forgets what no look has found again. Called before each look. */
  begin(): void
}

/** So many differences are no events on their way. */
const most = 10_000

/** @param waitMs 0 where no events come. */
export function createDoubts(waitMs: () => number, now: () => number = () => performance.now()): Doubts {
  let before = new Map<string, number>()
  let seen = new Map<string, number>()
  return {
    believe(what) {
      const since = before.get(what) ?? seen.get(what) ?? now()
      if (now() - since >= waitMs() || seen.size >= most) return true
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
