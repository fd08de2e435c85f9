import { useSyncExternalStore } from 'react'

const tickMs = 30_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

const read = () => {
  // A component that mounts long after the last tick must not see an old time.
  if (Date.now() - now > tickMs) now = Date.now()
  return now
}

/** The time in milliseconds, stepping twice a minute: one timer for all relative times of the page. */
export const useNow = (): number => useSyncExternalStore(subscribe, read)
