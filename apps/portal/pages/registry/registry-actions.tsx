import Button from '@mui/material/Button'
import type { RegistryDetail } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { Link } from '../../app/scoped-link.tsx'
import { useMayConnect } from '../../app/session.tsx'
import { type ApiError, trpc } from '../../app/trpc.ts'
import { askedSentence } from '../../lib/asked-sentence.ts'
import { Icon } from '../../ui/icon.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'
import { copy } from './copy.ts'

/** What may be done with a registry. With its plan off nothing is scanned, so nothing of it is offered. */
export function RegistryActions({ registry: { id, kind, plan } }: { registry: RegistryDetail }) {
  const say = useSay()
  const mayConnect = useMayConnect() === 'granted'
  const onError = (error: ApiError) => say(sentenceOf(error))
  const reconcile = useMutation(
    trpc.registries.reconcile.mutationOptions({
      onSuccess: ({ started }) => say(started ? copy.reconciling : copy.alreadyReconciling),
      onError,
    }),
  )
  const rescan = useMutation(
    trpc.scans.requestRegistry.mutationOptions({
      onSuccess: ({ asked }) => say(askedSentence(asked)),
      onError,
    }),
  )
  const input = { registryId: id }
  return (
    <>
      {plan === 'on' && (
        <>
          {kind !== 'demonstration' && (
            <Button
              startIcon={<Icon name="refresh" size={14} />}
              disabled={reconcile.isPending}
              onClick={() => reconcile.mutate(input)}
            >
              {copy.reconcile}
            </Button>
          )}
          <Button
            startIcon={<Icon name="scans" size={14} />}
            disabled={rescan.isPending}
            onClick={() => rescan.mutate(input)}
          >
            {copy.rescan}
          </Button>
        </>
      )}
      {mayConnect && kind !== 'demonstration' && (
        <Button component={Link} to={paths.editRegistry(id)}>
          {copy.edit}
        </Button>
      )}
    </>
  )
}
