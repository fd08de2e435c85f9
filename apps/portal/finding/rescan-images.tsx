import type { FindingChoice, ScanSkip, ScansAsked } from '@plimsoll/types'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useSay } from '../app/announcement.tsx'
import { queryClient, trpc } from '../app/trpc.ts'
import { counted } from '../lib/quantity.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { QueryPanel } from '../ui/query-panel.tsx'
import { BlockSkeleton } from '../ui/skeleton.tsx'

interface RescanImagesProps {
  readonly choice: FindingChoice
  readonly onClose: () => void
}

/** Asks before the images of chosen findings are scanned anew, and says which of them are not. */
export function RescanImages({ choice, onClose }: RescanImagesProps) {
  const say = useSay()
  const images = useQuery({ ...trpc.scans.ofChosen.queryOptions(choice), staleTime: 0 })
  const request = useMutation(
    trpc.scans.requestChosen.mutationOptions({
      onSuccess: async scans => {
        onClose()
        say([`${counted(scans.asked, 'scan')} asked for.`, ...skippedTexts(scans)].join(' '))
        await queryClient.invalidateQueries(trpc.scans.pathFilter())
      },
    }),
  )
  const asked = images.data?.asked ?? 0
  return (
    <ConfirmDialog
      open
      title="Rescan the images of these findings?"
      confirm={asked === 0 ? 'Rescan images' : `Rescan ${counted(asked, 'image')}`}
      pending={request.isPending}
      disabled={asked === 0}
      error={request.error}
      refused="No scan was asked for"
      onConfirm={() => request.mutate(choice)}
      onClose={onClose}
    >
      <QueryPanel query={images} what="their images" skeleton={<BlockSkeleton height={32} />}>
        {scans => (
          <>
            <p>
              {scans.asked === 0
                ? 'None of their images can be scanned.'
                : `${counted(scans.asked, 'image')} ${scans.asked === 1 ? 'is' : 'are'} read again, behind what somebody waits for. Those that wait already are not asked for twice.`}
            </p>
            {skippedTexts(scans).map(text => (
              <p key={text}>{text}</p>
            ))}
          </>
        )}
      </QueryPanel>
    </ConfirmDialog>
  )
}

const reasons: Readonly<Record<ScanSkip, string>> = {
  'plan-off': 'the plan of the subscription is off',
  gone: 'it was deleted, or another took its tag',
}

const skippedTexts = ({ skipped }: ScansAsked): string[] =>
  skipped.map(({ reason, images }) => `${counted(images, 'image')} skipped: ${reasons[reason]}.`)
