import type { EventBus, ServerEvent } from '../events.ts'

export async function* watchChanges(
  _events: EventBus,
  _lastEventId: string | null,
  _signal: AbortSignal | undefined,
): AsyncGenerator<{ id: string; event: ServerEvent }> {
  throw new Error('not written yet')
}
