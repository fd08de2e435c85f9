import { useSay } from '../app/announcement.tsx'
import { type ApiError, client, queryClient } from '../app/trpc.ts'
import { sentenceOf } from '../ui/query-panel.tsx'

/** Brings a rule back that was just deleted. @returns whether it is there again. */
export function useRestore(): (id: string) => Promise<boolean> {
  const say = useSay()
  return async id => {
    try {
      await client.rules.restore.mutate({ ids: [id] })
    } catch (error) {
      say(`The rule did not come back. ${sentenceOf(error as ApiError)}`)
      return false
    }
    say('Undone: the rule is back, and disables what it did.')
    await queryClient.invalidateQueries()
    return true
  }
}
