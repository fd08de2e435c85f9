import Button from '@mui/material/Button'
import type { RegistryDetail } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { useGo } from '../../app/scoped-link.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { allImages } from '../../lib/image-counts.ts'
import { counted } from '../../lib/quantity.ts'
import { openTotal } from '../../lib/severity.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { copy } from './copy.ts'

/** Removes a registry after saying what goes with it. */
export function RemoveRegistry({ registry }: { registry: RegistryDetail }) {
  const { id, name, repositories, images, findings } = registry
  const [asking, setAsking] = useState(false)
  const go = useGo()
  const say = useSay()
  const remove = useMutation(
    trpc.registries.remove.mutationOptions({
      onSuccess: async () => {
        await go(paths.registries)
        // There is no answer about it any more; asking for one would only find that out.
        queryClient.removeQueries(trpc.registries.get.queryFilter({ registryId: id }))
        say(`${name} was removed.`)
        await queryClient.invalidateQueries()
      },
    }),
  )
  return (
    <>
      <p style={{ margin: '0 0 8px', maxWidth: '76ch' }}>{copy.removeText}</p>
      <Button onClick={() => setAsking(true)}>{copy.remove}</Button>
      <ConfirmDialog
        open={asking}
        title={copy.removeAsk}
        confirm={copy.remove}
        cancel={copy.keepIt}
        pending={remove.isPending}
        error={remove.error}
        refused={copy.refusedRemoval}
        onConfirm={() => remove.mutate({ registryId: id })}
        onClose={() => setAsking(false)}
      >
        <p>
          {name} holds {counted(repositories, 'repository', 'repositories')} with{' '}
          {counted(allImages(images), 'image')} and {counted(openTotal(findings), 'open finding')}.
        </p>
        <p>{copy.removeConsequence}</p>
      </ConfirmDialog>
    </>
  )
}
