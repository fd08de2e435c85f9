import { useNow } from '../lib/clock.ts'
import { absoluteTime, dayOf, relativeTime } from '../lib/relative-time.ts'

const dayMs = 86_400_000

/** The age of data: in relative words within a day, after that its date, for "last year" would not be exact enough. */
export function AsOf({ at }: { at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={absoluteTime(at)} style={{ whiteSpace: 'nowrap' }}>
      {now - Date.parse(at) < dayMs ? relativeTime(at, now) : dayOf(at)}
    </time>
  )
}
