import type { ManagementGroup, ScopeTree, SubscriptionDetail } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useSay } from '../../app/announcement.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { copy } from './copy.ts'
import { NamePlaceDialog } from './name-place-dialog.tsx'
import { groupChoices } from './scope-rows.ts'

/** What the viewer is about to do to the tree. */
export type ScopeTask =
  | { readonly do: 'add-group' | 'add-subscription'; readonly under?: string }
  | { readonly do: 'rename-group' | 'move-group'; readonly group: ManagementGroup }
  | { readonly do: 'delete-group'; readonly group: ManagementGroup; readonly empty: boolean }
  | {
      readonly do: 'rename-subscription' | 'move-subscription' | 'delete-subscription'
      readonly subscription: SubscriptionDetail
    }

interface ScopeDialogProps {
  readonly tree: ScopeTree
  readonly task: ScopeTask | null
  readonly onClose: () => void
}

/** The dialog of the task at hand. */
export function ScopeDialog({ tree, task, onClose }: ScopeDialogProps) {
  const change = useScopeChanges(onClose)
  if (task === null) return null
  const dialog = {
    pending: change.pending,
    error: change.error,
    onClose: change.close,
    refused: copy.refused,
  }
  switch (task.do) {
    case 'add-group':
      return (
        <NamePlaceDialog
          {...dialog}
          title={copy.addGroup}
          confirm="Add"
          nameLabel={copy.groupName}
          places={groupChoices(tree)}
          place={task.under}
          onConfirm={({ name, place }) => change.createGroup({ name, parentId: place })}
        />
      )
    case 'add-subscription':
      return (
        <NamePlaceDialog
          {...dialog}
          title={copy.addSubscription}
          confirm="Add"
          nameLabel={copy.subscriptionName}
          places={groupChoices(tree)}
          place={task.under}
          onConfirm={({ name, place }) => change.createSubscription({ name, managementGroupId: place })}
        >
          {copy.newPlanOn}
        </NamePlaceDialog>
      )
    case 'rename-group':
      return (
        <NamePlaceDialog
          {...dialog}
          title={`Rename ${task.group.name}`}
          confirm="Rename"
          nameLabel={copy.groupName}
          name={task.group.name}
          onConfirm={({ name }) => change.renameGroup({ id: task.group.id, name })}
        />
      )
    case 'rename-subscription':
      return (
        <NamePlaceDialog
          {...dialog}
          title={`Rename ${task.subscription.name}`}
          confirm="Rename"
          nameLabel={copy.subscriptionName}
          name={task.subscription.name}
          onConfirm={({ name }) => change.renameSubscription({ id: task.subscription.id, name })}
        />
      )
    case 'move-group':
      return (
        <NamePlaceDialog
          {...dialog}
          title={`Move ${task.group.name}`}
          confirm="Move"
          places={groupChoices(tree, task.group.id)}
          place={task.group.parentId ?? undefined}
          onConfirm={({ place }) => change.moveGroup({ id: task.group.id, parentId: place })}
        >
          {copy.moveGroup}
        </NamePlaceDialog>
      )
    case 'move-subscription':
      return (
        <NamePlaceDialog
          {...dialog}
          title={`Move ${task.subscription.name}`}
          confirm="Move"
          places={groupChoices(tree)}
          place={task.subscription.managementGroupId}
          onConfirm={({ place }) =>
            change.moveSubscription({ id: task.subscription.id, managementGroupId: place })
          }
        >
          {copy.moveGroup}
        </NamePlaceDialog>
      )
    case 'delete-group':
      return (
        <ConfirmDialog
          {...dialog}
          open
          title={`Delete ${task.group.name}?`}
          confirm="Delete"
          disabled={!task.empty}
          onConfirm={() => change.deleteGroup({ id: task.group.id })}
        >
          <p>{task.empty ? copy.deleteGroup : copy.groupHoldsSomething}</p>
        </ConfirmDialog>
      )
    case 'delete-subscription':
      return (
        <ConfirmDialog
          {...dialog}
          open
          title={`Delete ${task.subscription.name}?`}
          confirm="Delete"
          disabled={task.subscription.registries > 0}
          onConfirm={() => change.deleteSubscription({ id: task.subscription.id })}
        >
          <p>
            {task.subscription.registries > 0 ? copy.subscriptionHoldsSomething : copy.deleteSubscription}
          </p>
        </ConfirmDialog>
      )
  }
}

/** Every change of the tree; after each the dialog closes, what was done is said, and all that shows scopes asks anew. */
function useScopeChanges(onClose: () => void) {
  const say = useSay()
  const done = (sentence: string) => ({
    onSuccess: () => {
      onClose()
      say(sentence)
      return queryClient.invalidateQueries()
    },
  })
  const createGroup = useMutation(trpc.scopes.createGroup.mutationOptions(done('Management group added.')))
  const renameGroup = useMutation(trpc.scopes.renameGroup.mutationOptions(done('Renamed.')))
  const moveGroup = useMutation(trpc.scopes.moveGroup.mutationOptions(done('Moved.')))
  const deleteGroup = useMutation(trpc.scopes.deleteGroup.mutationOptions(done('Management group deleted.')))
  const createSubscription = useMutation(
    trpc.subscriptions.create.mutationOptions(done('Subscription added.')),
  )
  const renameSubscription = useMutation(trpc.subscriptions.rename.mutationOptions(done('Renamed.')))
  const moveSubscription = useMutation(trpc.subscriptions.move.mutationOptions(done('Moved.')))
  const deleteSubscription = useMutation(
    trpc.subscriptions.delete.mutationOptions(done('Subscription deleted.')),
  )
  const all = [
    createGroup,
    renameGroup,
    moveGroup,
    deleteGroup,
    createSubscription,
    renameSubscription,
    moveSubscription,
    deleteSubscription,
  ]
  return {
    pending: all.some(each => each.isPending),
    error: all.find(each => each.isError)?.error ?? null,
    close: () => {
      for (const each of all) each.reset()
      onClose()
    },
    createGroup: createGroup.mutate,
    renameGroup: renameGroup.mutate,
    moveGroup: moveGroup.mutate,
    deleteGroup: deleteGroup.mutate,
    createSubscription: createSubscription.mutate,
    renameSubscription: renameSubscription.mutate,
    moveSubscription: moveSubscription.mutate,
    deleteSubscription: deleteSubscription.mutate,
  }
}
