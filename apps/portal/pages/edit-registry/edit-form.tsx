import type { RegistryDetail, ScopeTree } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { ConnectionForm, useConnectionForm, useToRegistry } from '../../connection/connection-form.tsx'
import { copy as fieldCopy } from '../../connection/copy.ts'
import { NetworkFields } from '../../connection/network-fields.tsx'
import { PlaceFields } from '../../connection/place-fields.tsx'
import { FieldGroup } from '../../ui/form-parts.ts'
import { copy } from './copy.ts'
import { draftOf, readChange } from './edit-draft.ts'
import { KeptCertificate, KeptCredentials } from './kept-secrets.tsx'
import { MoveNotice } from './move-notice.tsx'

interface EditFormProps {
  readonly registry: RegistryDetail
  readonly tree: ScopeTree
}

/** Everything about a registry that can be changed. Secrets that are set are named by their kind and never shown. */
export function EditForm({ registry, tree }: EditFormProps) {
  const form = useConnectionForm(
    () => draftOf(registry),
    draft => readChange(registry, draft),
  )
  const { draft, problems, change } = form
  const toRegistry = useToRegistry()
  const save = useMutation(
    trpc.registries.change.mutationOptions({
      onSuccess: changed => toRegistry(changed, `${changed.name} was changed.`),
    }),
  )
  return (
    <ConnectionForm
      form={form}
      sent={save}
      onSend={given => save.mutate(given.change)}
      send={copy.save}
      refused={copy.refused}
      backTo={paths.registry(registry.id)}
    >
      <PlaceFields draft={draft} problems={problems} tree={tree} onChange={change} />
      <MoveNotice registry={registry} tree={tree} to={draft.subscriptionId} />
      <FieldGroup>
        <legend>{fieldCopy.credentials}</legend>
        <KeptCredentials
          kept={registry.credentialKind}
          draft={draft.credentials}
          problems={problems}
          onChange={credentials => change({ credentials })}
        />
      </FieldGroup>
      <FieldGroup>
        <legend>{fieldCopy.network}</legend>
        {draft.certificateAuthority === null && (
          <KeptCertificate onReplace={() => change({ certificateAuthority: '' })} />
        )}
        <NetworkFields
          draft={{ ...draft, certificateAuthority: draft.certificateAuthority ?? '' }}
          withCertificate={draft.certificateAuthority !== null}
          kind={registry.kind === 'demonstration' ? '' : registry.kind}
          problems={problems}
          onChange={change}
        />
      </FieldGroup>
    </ConnectionForm>
  )
}
