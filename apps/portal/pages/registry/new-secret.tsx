import Button from '@mui/material/Button'
import type { RegistryDetail } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSay } from '../../app/announcement.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { copy } from './copy.ts'

/** Replaces the webhook's secret after saying that the old one stops at once. The blocks beside it then show the new one. */
export function NewSecret({ registry: { id, name } }: { registry: RegistryDetail }) {
  const [asking, setAsking] = useState(false)
  const say = useSay()
  const rotate = useMutation(
    trpc.registries.rotateWebhookSecret.mutationOptions({
      onSuccess: detail => {
        queryClient.setQueryData(trpc.registries.get.queryKey({ registryId: id }), detail)
        setAsking(false)
        say(copy.secretReplaced)
      },
    }),
  )
  const ask = (open: boolean) => {
    rotate.reset()
    setAsking(open)
  }
  return (
    <>
      <Button onClick={() => ask(true)}>{copy.newSecret}</Button>
      <ConfirmDialog
        open={asking}
        title={copy.newSecretAsk}
        confirm={copy.newSecret}
        cancel={copy.keepSecret}
        pending={rotate.isPending}
        error={rotate.error}
        refused={copy.secretKept}
        onConfirm={() => rotate.mutate({ registryId: id })}
        onClose={() => ask(false)}
      >
        <p>{copy.oldSecretStops(name)}</p>
        <p>{copy.eventsMeanwhile}</p>
      </ConfirmDialog>
    </>
  )
}
