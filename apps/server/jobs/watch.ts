import { changeNames, type EventBus, type ServerEvent } from '../events.ts'

const everyMs = 250

/**
 * The stream a browser watches: of several changes to one thing within a quarter of a second the last alone, so that
 * a scan speaks at most four times a second.
 *
 * @param lastEventId set on a reconnect: what was missed is not known, so everything is to be fetched again.
 */
export async function* watchChanges(
  events: EventBus,
  lastEventId: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ id: string; event: ServerEvent }> {
  const waiting = new Map<string, ServerEvent>()
  let wake: () => void = () => undefined
  const note = (event: ServerEvent): void => {
    waiting.set(event.type === 'scan' ? `scan ${event.scan.id}` : event.what, event)
    wake()
  }
  const unsubscribe = events.subscribe(note)
  const ended = new Promise<void>(resolve => {
    if (signal?.aborted) resolve()
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
  if (lastEventId !== null) for (const what of changeNames) note({ type: 'changed', what })
  let number = 0
  try {
    while (!signal?.aborted) {
      const batch = [...waiting.values()]
      waiting.clear()
      for (const event of batch) {
        number += 1
        yield { id: String(number), event }
      }
      if (batch.length > 0) await Promise.race([pause(everyMs), ended])
      else if (waiting.size === 0) await Promise.race([new Promise<void>(resolve => (wake = resolve)), ended])
    }
  } finally {
    unsubscribe()
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, ms)
  })
