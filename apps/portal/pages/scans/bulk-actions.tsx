import Button from '@mui/material/Button'
import type { ScanState } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSay } from '../../app/announcement.tsx'
import { useNarrowing, useScope } from '../../app/scope.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { counted } from '../../lib/quantity.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'
import { copy } from './copy.ts'
import { type Chosen, laneNumber } from './lanes.ts'

interface BulkProps {
  readonly chosen: Chosen
  /** How many there are in each state, of what is chosen. */
  readonly counts: Readonly<Record<ScanState, number>>
}

/** What can be done with all of the lane, registry and scope that are shown, where there are such. */
export const BulkActions = ({ chosen, counts }: BulkProps) => (
  <>
    {counts.failed > 0 && <RetryFailed chosen={chosen} />}
    {counts.queued > 0 && <CancelQueued chosen={chosen} waiting={counts.queued} />}
  </>
)

/** Of the lane and registry that are chosen, within the scope. */
function useInput({ registryId, lane }: Chosen) {
  return { scope: useScope(), registryId, lane: laneNumber(lane) }
}

function RetryFailed({ chosen }: Pick<BulkProps, 'chosen'>) {
  const say = useSay()
  const input = useInput(chosen)
  const { scope, name } = useNarrowing()
  const retry = useMutation(
    trpc.scans.retryFailed.mutationOptions({
      onSuccess: ({ asked }) => {
        say(asked === 0 ? copy.nothingToRetry : `${counted(asked, 'scan')} asked for.`)
        return queryClient.invalidateQueries(trpc.scans.pathFilter())
      },
      onError: error => say(sentenceOf(error)),
    }),
  )
  return (
    <Button
      title={scope === undefined ? copy.retryAllText : copy.retryAllIn(name)}
      startIcon={<Icon name="refresh" size={14} />}
      disabled={retry.isPending}
      onClick={() => retry.mutate(input)}
    >
      {copy.retryAll}
    </Button>
  )
}

function CancelQueued({ chosen, waiting }: { chosen: Chosen; waiting: number }) {
  const [asking, setAsking] = useState(false)
  const say = useSay()
  const input = useInput(chosen)
  const { scope, name } = useNarrowing()
  const cancel = useMutation(
    trpc.scans.cancelQueued.mutationOptions({
      onSuccess: ({ cancelled }) => {
        setAsking(false)
        say(`${counted(cancelled, 'scan')} cancelled.`)
        return queryClient.invalidateQueries(trpc.scans.pathFilter())
      },
    }),
  )
  return (
    <>
      <Button onClick={() => setAsking(true)}>{copy.cancelAll}</Button>
      <ConfirmDialog
        open={asking}
        title={copy.cancelAllAsk}
        confirm={copy.cancelAll}
        cancel={copy.keep}
        pending={cancel.isPending}
        error={cancel.error}
        refused={copy.refused}
        onConfirm={() => cancel.mutate(input)}
        onClose={() => {
          setAsking(false)
          cancel.reset()
        }}
      >
        <p>
          {waiting === 1 ? '1 scan waits' : `${counted(waiting, 'scan')} wait`}
          {scope !== undefined && ` in ${name}`}
          {(chosen.registryId ?? chosen.lane) !== undefined && ' of those that are chosen on the page'}.
        </p>
        <p>{copy.cancelAllText}</p>
      </ConfirmDialog>
    </>
  )
}
