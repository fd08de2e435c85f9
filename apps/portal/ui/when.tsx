import { useNow } from '../lib/clock.ts'
import { absoluteTime, relativeTime } from '../lib/relative-time.ts'

/** A moment in relative words with the exact UTC time in its title; `never` when there was none. */
export function When({ at, never = 'Never' }: { at: string | null; never?: string }) {
  const now = useNow()
  if (at === null) return <span style={{ color: 'var(--pl-palette-text-secondary)' }}>{never}</span>
  return (
    <time dateTime={at} title={absoluteTime(at)} style={{ whiteSpace: 'nowrap' }}>
      {relativeTime(at, now)}
    </time>
  )
}
