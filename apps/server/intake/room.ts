/**
 * Room that registries share. Each may hold as much as is still free, so that one alone gets half of all, two a third
 * each, and so on: however much some bring, there is always room for another.
 */
export interface Room {
  take(registryId: string, count: number): void
  leave(registryId: string, count: number): void
  /** Whether the registry has its share. What comes nevertheless is counted all the same. */
  isFull(registryId: string): boolean
  /** Held by all. */
  held(): number
}

/** @param size twice what one registry may have. @param held what registries hold to begin with. */
export function createRoom(size: number, held: Iterable<readonly [string, number]> = []): Room {
  const counts = new Map(held)
  let total = counts.values().reduce((sum, count) => sum + count, 0)
  const add = (registryId: string, count: number): void => {
    const now = (counts.get(registryId) ?? 0) + count
    total += count
    if (now === 0) counts.delete(registryId)
    else counts.set(registryId, now)
  }
  return {
    take: add,
    leave: (registryId, count) => add(registryId, -count),
    isFull: registryId => (counts.get(registryId) ?? 0) >= size - total,
    held: () => total,
  }
}
