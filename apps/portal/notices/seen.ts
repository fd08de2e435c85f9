import { useSyncExternalStore } from 'react'

const keyOf = (userId: string) => `plimsoll-notices-seen-${userId}`
const listeners = new Set<() => void>()

/** The highest notice that a person has seen in this browser; 0 when none was, or what is kept is no number. */
export function seenOf(userId: string): number {
  const kept = Number(localStorage.getItem(keyOf(userId)) ?? '0')
  return Number.isSafeInteger(kept) && kept > 0 ? kept : 0
}

export function markSeen(userId: string, notice: number): void {
  if (notice <= seenOf(userId)) return
  localStorage.setItem(keyOf(userId), String(notice))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // Another tab in which they were looked at.
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

export const useSeen = (userId: string): number => useSyncExternalStore(subscribe, () => seenOf(userId))
