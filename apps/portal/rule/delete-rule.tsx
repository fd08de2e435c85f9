import { useMutation, useQuery } from '@tanstack/react-query'
import { useSay } from '../app/announcement.tsx'
import { queryClient, trpc } from '../app/trpc.ts'
import { counted } from '../lib/quantity.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { QueryPanel } from '../ui/query-panel.tsx'
import { BlockSkeleton } from '../ui/skeleton.tsx'
import { useRestore } from './use-restore.ts'

interface DeleteRuleProps {
  /** The rule that may be deleted; null: none is asked about. */
  readonly rule: { readonly id: string; readonly name: string } | null
  readonly onClose: () => void
  readonly onDeleted?: (reopened: string) => void | Promise<void>
}

/** Asks before a rule is deleted and says which findings that concerns. */
export function DeleteRule({ rule, onClose, onDeleted }: DeleteRuleProps) {
  const say = useSay()
  const restore = useRestore()
  const id = rule?.id ?? ''
  const preview = useQuery({
    ...trpc.rules.preview.queryOptions({ id, rule: null }),
    enabled: rule !== null,
    staleTime: 0,
  })
  const remove = useMutation(
    trpc.rules.delete.mutationOptions({
      onSuccess: async () => {
        onClose()
        const reopened = reopenedText(preview.data?.reopens ?? 0)
        await onDeleted?.(reopened)
        // There is no answer about it any more; asking for one would only find that out.
        queryClient.removeQueries(trpc.rules.get.queryFilter({ id }))
        queryClient.removeQueries(trpc.rules.preview.queryFilter({ id, rule: null }))
        say(`Rule deleted. ${reopened}`, {
          label: 'Undo',
          run: () => void restore(id),
        })
        await queryClient.invalidateQueries()
      },
    }),
  )
  return (
    <ConfirmDialog
      open={rule !== null}
      title={`Delete ${rule?.name ?? 'this rule'}?`}
      confirm="Delete rule"
      cancel="Keep it"
      pending={remove.isPending}
      disabled={preview.isPending}
      error={remove.error}
      refused="It was not deleted"
      onConfirm={() => remove.mutate({ id })}
      onClose={() => {
        remove.reset()
        onClose()
      }}
    >
      {rule !== null && (
        <QueryPanel query={preview} what="what follows from it" skeleton={<BlockSkeleton height={32} />}>
          {({ reopens, disables, turnUnhealthy }) => (
            <>
              <p>{reopenText(reopens)}</p>
              {disables > 0 && (
                <p>
                  {counted(disables, 'finding')} {disables === 1 ? 'is' : 'are'} disabled again by rules that
                  it overrides.
                </p>
              )}
              {turnUnhealthy > 0 && (
                <p>
                  {counted(turnUnhealthy, 'image')} {turnUnhealthy === 1 ? 'turns' : 'turn'} unhealthy.
                </p>
              )}
            </>
          )}
        </QueryPanel>
      )}
    </ConfirmDialog>
  )
}

const reopenText = (reopens: number): string =>
  reopens === 0
    ? 'No finding re-opens: none is disabled by this rule alone.'
    : `${counted(reopens, 'finding')} ${reopens === 1 ? 're-opens' : 're-open'} that no other rule disables.`

const reopenedText = (reopens: number): string =>
  `${reopens === 0 ? 'No finding' : counted(reopens, 'finding')} re-opened.`
