import { useQuery } from '@tanstack/react-query'
import { useNarrowing } from '../app/scope.tsx'
import { useSession } from '../app/session.tsx'
import { trpc } from '../app/trpc.ts'
import { markSeen, useSeen } from './seen.ts'

/** Images that came to have findings since the viewer last looked: how many, and how to say that they have been seen. */
export function useNewNotices() {
  const userId = useSession().user.id
  const { scope, text } = useNarrowing()
  const looking = { userId, scope: text }
  const after = useSeen(looking)
  const { data } = useQuery(trpc.notices.list.queryOptions({ after, scope }))
  return { data, dismiss: () => data && markSeen(looking, data.newest) }
}
