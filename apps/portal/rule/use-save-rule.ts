import type { NewDisableRule, RulePreview } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSay } from '../app/announcement.tsx'
import { paths } from '../app/paths.ts'
import { useGo } from '../app/scoped-link.tsx'
import { type ApiError, client, queryClient, trpc } from '../app/trpc.ts'
import { counted } from '../lib/quantity.ts'
import { sentenceOf } from '../ui/query-panel.tsx'
import { movedMuch } from './guards.ts'

/** A rule whose effect is not what was shown, and is asked about before it is saved. */
export interface Doubt {
  readonly rule: NewDisableRule
  readonly now: RulePreview
  /** Another effect was shown before; else none was. */
  readonly wasShown: boolean
}

/**
 * Saves a rule: asks for its effect once more right before, and whether to go on where that is another than was shown.
 * @param id of the rule that is changed; null: a new one.
 * @param shown the effect that the viewer saw of exactly this rule; null: none yet.
 */
export function useSaveRule(id: string | null, shown: RulePreview | null) {
  const [doubt, setDoubt] = useState<Doubt | null>(null)
  const go = useGo()
  const say = useSay()
  const undo = useUndo()
  const write = useMutation<number, ApiError, NewDisableRule>({
    mutationFn: async rule => {
      const saved =
        id === null
          ? await client.rules.create.mutate(rule)
          : await client.rules.change.mutate({ id, ...rule })
      const { disables } = await client.rules.get.query({ id: saved.id })
      setDoubt(null)
      await go(paths.rule(saved.id))
      const effect = `It disables ${disables === 0 ? 'nothing now' : counted(disables, 'finding')}.`
      if (id === null) say(`Rule created. ${effect}`, { label: 'Undo', run: () => undo(saved.id) })
      else say(`Rule saved. ${effect}`)
      await queryClient.invalidateQueries()
      return disables
    },
  })
  const check = useMutation<void, ApiError, NewDisableRule>({
    mutationFn: async rule => {
      const now = await client.rules.preview.query({ id, rule })
      if (
        shown === null ||
        movedMuch(shown.disables, now.disables) ||
        movedMuch(shown.reopens, now.reopens)
      ) {
        setDoubt({ rule, now, wasShown: shown !== null })
      } else write.mutate(rule)
    },
  })
  return {
    save: (rule: NewDisableRule) => {
      write.reset()
      check.mutate(rule)
    },
    pending: check.isPending || write.isPending,
    error: check.error ?? write.error,
    doubt,
    goOn: () => doubt && write.mutate(doubt.rule),
    stop: () => setDoubt(null),
  }
}

/** Deletes a rule that was just created. */
function useUndo(): (id: string) => void {
  const go = useGo()
  const say = useSay()
  const remove = async (id: string) => {
    try {
      await client.rules.delete.mutate({ id })
    } catch (error) {
      say(`The rule was not deleted. ${sentenceOf(error as ApiError)}`)
      return
    }
    await go(paths.rules)
    queryClient.removeQueries(trpc.rules.get.queryFilter({ id }))
    say('Undone: the rule is deleted, and what it disabled counts again.')
    await queryClient.invalidateQueries()
  }
  return id => void remove(id)
}
