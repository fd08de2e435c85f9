import type { ScanSummary } from '@plimsoll/types'
import { useEffect, useSyncExternalStore } from 'react'
import { askedQuery, isOutdated, type LiveChange } from './live-changes.ts'
import { client, queryClient, trpc } from './trpc.ts'

/** `paused`: the stream was lost and is being sought again; meanwhile what is shown is refetched every 15 s. */
export type LiveState = 'connecting' | 'live' | 'paused'

/** Events that come together are answered together. */
const settleMs = 250
const fallbackMs = 15_000
/** A connection that is back within this time was never worth a word. */
const graceMs = 2500
const reconnectMs = 3000

let state: LiveState = 'connecting'
const scans = new Map<string, ScanSummary>()
const listeners = new Set<() => void>()

const keyOf = (of: { registryId: string; repository: string; digest: string }) =>
  `${of.registryId} ${of.repository} ${of.digest}`

function tell(): void {
  for (const listener of listeners) listener()
}

function setState(next: LiveState): void {
  if (next === state) return
  state = next
  tell()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export const useLiveState = (): LiveState => useSyncExternalStore(subscribe, () => state)

/** The newest scan of an image: from the stream when that knows a later one than the answer given, else that one. */
export function useLiveScan(
  image: { registryId: string; repository: string; digest: string },
  answered: ScanSummary | null,
): ScanSummary | null {
  const live = useSyncExternalStore(subscribe, () => scans.get(keyOf(image)) ?? null)
  if (!live) return answered
  return answered && answered.id !== live.id && answered.queuedAt > live.queuedAt ? answered : live
}

/** Scans as the stream last told of them, by id, for lists of scans. */
export const useLiveScanById = (answered: ScanSummary): ScanSummary => {
  const live = useSyncExternalStore(subscribe, () => scans.get(keyOf(answered)))
  return live?.id === answered.id ? live : answered
}

function invalidate(changes: readonly LiveChange[]): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => {
      const query = askedQuery(queryKey)
      return query !== null && changes.some(change => isOutdated(query, change))
    },
  })
}

/** Everything but who is signed in, which no scan changes. */
const invalidateAll = () =>
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => askedQuery(queryKey)?.path !== 'session.get',
  })

/** Watches the server's changes until stopped. */
function watch(): () => void {
  const pending: LiveChange[] = []
  let settle: ReturnType<typeof setTimeout> | undefined
  let grace: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let missedSome = false

  const settled = () => {
    settle = undefined
    invalidate(pending.splice(0))
  }
  const lost = () => {
    missedSome = true
    grace ??= setTimeout(() => setState('paused'), graceMs)
  }
  const found = () => {
    clearTimeout(grace)
    grace = undefined
    setState('live')
    // What was missed is not known, so everything is asked for again.
    if (missedSome) invalidateAll()
    missedSome = false
  }
  /** The link reconnects by itself while it can; when it gives up (an ended stream, a refusal) we begin anew. */
  const ended = () => {
    lost()
    clearTimeout(again)
    again = setTimeout(() => {
      subscription = connect()
    }, reconnectMs)
  }
  const connect = () =>
    client.scans.watch.subscribe(undefined, {
      onData: ({ data }) => {
        if (data.type === 'scan') {
          const isNew = scans.get(keyOf(data.scan))?.id !== data.scan.id
          scans.set(keyOf(data.scan), data.scan)
          tell()
          pending.push({ ...data, isNew })
        } else {
          pending.push(data)
        }
        settle ??= setTimeout(settled, settleMs)
      },
      onConnectionStateChange: ({ state: connection, error }) => {
        if (connection === 'pending') found()
        else if (error) lost()
      },
      onError: error => {
        if (error.data?.code === 'UNAUTHORIZED')
          void queryClient.invalidateQueries(trpc.session.get.queryFilter())
        ended()
      },
      onComplete: ended,
    })
  let subscription = connect()
  const fallback = setInterval(() => {
    if (state === 'paused') invalidateAll()
  }, fallbackMs)

  return () => {
    clearInterval(fallback)
    clearTimeout(settle)
    subscription.unsubscribe()
    // After unsubscribing, for that completes the subscription, which asks to begin anew.
    clearTimeout(again)
    clearTimeout(grace)
  }
}

/**
 * Keeps what is shown up to date while the page is seen. A hidden page gives its connection back, for browsers allow
 * six to one server over HTTP/1.1, and refetches when it is seen again.
 */
export function useLiveUpdates(): void {
  useEffect(() => {
    let stop: (() => void) | undefined
    let wasHidden = false
    const follow = () => {
      if (document.visibilityState === 'visible') {
        if (wasHidden) invalidateAll()
        stop ??= watch()
      } else {
        wasHidden = true
        stop?.()
        stop = undefined
      }
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      stop?.()
    }
  }, [])
}
