import type { ScanSummary } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useSay } from '../../app/announcement.tsx'
import { useLiveScanById } from '../../app/live.ts'
import { type ApiError, queryClient, trpc } from '../../app/trpc.ts'
import { imageName } from '../../lib/names.ts'
import type { Column } from '../../ui/data-table.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'
import { RowButton } from '../../ui/row-button.tsx'

export const scanActions: Column<ScanSummary> = {
  id: 'actions',
  header: 'Actions',
  hideHeader: true,
  align: 'right',
  cell: row => <Actions scan={row} />,
}

/** Cancels what waits or runs; asks anew for what failed or was cancelled. */
function Actions({ scan: answered }: { scan: ScanSummary }) {
  const scan = useLiveScanById(answered)
  const say = useSay()
  const name = imageName(scan)
  const outcome = (sentence: string) => ({
    onSuccess: () => {
      say(sentence)
      return queryClient.invalidateQueries(trpc.scans.pathFilter())
    },
    onError: (error: ApiError) => say(sentenceOf(error)),
  })
  const cancel = useMutation(trpc.scans.cancel.mutationOptions(outcome(`The scan of ${name} was cancelled.`)))
  const retry = useMutation(trpc.scans.request.mutationOptions(outcome(`A scan of ${name} was asked for.`)))
  if (scan.state === 'queued' || scan.state === 'running') {
    return (
      <RowButton
        label="Cancel"
        of={name}
        disabled={cancel.isPending}
        onClick={() => cancel.mutate({ id: scan.id })}
      />
    )
  }
  if (scan.state === 'failed' || scan.state === 'cancelled') {
    const { registryId, repository, digest } = scan
    return (
      <RowButton
        label="Retry"
        of={name}
        disabled={retry.isPending}
        onClick={() => retry.mutate({ registryId, repository, digest })}
      />
    )
  }
  return null
}
