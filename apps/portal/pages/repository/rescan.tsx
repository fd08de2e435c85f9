import Button from '@mui/material/Button'
import { useMutation } from '@tanstack/react-query'
import { useSay } from '../../app/announcement.tsx'
import { trpc } from '../../app/trpc.ts'
import { askedSentence } from '../../lib/asked-sentence.ts'
import { Icon } from '../../ui/icon.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'
import { copy } from './copy.ts'

/** Asks for a scan of every image of the repository. */
export function Rescan({ registryId, repository }: { registryId: string; repository: string }) {
  const say = useSay()
  const request = useMutation(
    trpc.scans.requestRepository.mutationOptions({
      onSuccess: ({ asked }) => say(askedSentence(asked)),
      onError: error => say(sentenceOf(error)),
    }),
  )
  return (
    <Button
      startIcon={<Icon name="scans" size={14} />}
      disabled={request.isPending}
      onClick={() => request.mutate({ registryId, repository })}
    >
      {copy.rescan}
    </Button>
  )
}
