import type { RegistryEvent } from './event.ts'

/**
 * Sets back the times of events that are told before they happen: the registry's clock goes ahead, or somebody made the
 * date up. Left as it is, such a time would keep everything later about the same tag or image from counting, for as long
 * as it lies ahead.
 *
 * An event happened at the latest when we heard of it. But of two that come in the wrong order, by a clock that goes
 * ahead, both would then have happened in the order of their coming. So what is ahead by as much as the ones before, but
 * for the time that a delivery takes, is set back by as much as they were: their order among each other stays. Only an
 * event that is ahead by quite another time is held to be of its coming.
 *
 * How far each registry is ahead is kept in memory alone: after a restart the first event tells it again.
 */
export type SetBack = (
  registryId: string,
  events: readonly RegistryEvent[],
  receivedAt: string,
) => readonly RegistryEvent[]

/**
 * Events that are ahead by times that differ less than this were told by one clock; one was under way longer. As long a
 * time at most, what is told after a date that somebody made up may count as older than that.
 */
const sameClockMs = 60_000

export function createSetBack(): SetBack {
  /** By how many milliseconds at least a registry's clock is ahead. */
  const ahead = new Map<string, number>()
  return (registryId, events, receivedAt) => {
    const isAhead = ({ at }: RegistryEvent): boolean => at > receivedAt
    if (events.length === 0) return events
    if (!events.some(isAhead)) {
      // Its clock is right, or right again.
      ahead.delete(registryId)
      return events
    }
    const now = Date.parse(receivedAt)
    const by = ahead.get(registryId) ?? 0
    const most = events
      .filter(isAhead)
      .map(({ at }) => Date.parse(at) - now)
      .reduce((known, one) => (Math.abs(one - known) < sameClockMs ? Math.max(one, known) : one), by)
    ahead.set(registryId, most)
    return events.map(event => {
      if (!isAhead(event)) return event
      const told = Date.parse(event.at)
      const late = most - (told - now)
      return {
        ...event,
        at: late >= 0 && late < sameClockMs ? new Date(now - late).toISOString() : receivedAt,
      }
    })
  }
}
