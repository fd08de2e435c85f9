import type { ScopeTree } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { emptyConnection, readConnection } from '../../connection/connection-draft.ts'
import { ConnectionForm, useConnectionForm, useToRegistry } from '../../connection/connection-form.tsx'
import { copy as fieldCopy } from '../../connection/copy.ts'
import { CredentialFields } from '../../connection/credential-fields.tsx'
import { NetworkFields } from '../../connection/network-fields.tsx'
import { PlaceFields } from '../../connection/place-fields.tsx'
import { FieldGroup } from '../../ui/form-parts.ts'
import { AddressFields } from './address-fields.tsx'
import { copy } from './copy.ts'

/** The whole form of a registry that is not connected yet. */
export function ConnectForm({ tree }: { tree: ScopeTree }) {
  const form = useConnectionForm(() => emptyConnection(tree.subscriptions[0]?.id ?? ''), readConnection)
  const { draft, problems } = form
  const toRegistry = useToRegistry()
  const connect = useMutation(
    trpc.registries.connect.mutationOptions({
      onSuccess: registry => toRegistry(registry, `${registry.name} is connected.`),
    }),
  )
  // What was said was of the form as it was.
  const change: typeof form.change = part => {
    form.change(part)
    connect.reset()
  }
  return (
    <ConnectionForm
      form={form}
      sent={connect}
      onSend={({ registry }) => connect.mutate(registry)}
      insist={{
        label: copy.insist,
        onSend: ({ registry }) => connect.mutate({ ...registry, untested: true }),
      }}
      send={copy.connect}
      refused={copy.refused}
      backTo={paths.registries}
    >
      <AddressFields draft={draft} problems={problems} onChange={change} />
      <PlaceFields
        draft={draft}
        problems={problems}
        nameHelp={fieldCopy.nameHelp}
        tree={tree}
        onChange={change}
      />
      <FieldGroup>
        <legend>{fieldCopy.credentials}</legend>
        <CredentialFields
          draft={draft.credentials}
          problems={problems}
          onChange={credentials => change({ credentials })}
        />
      </FieldGroup>
      <FieldGroup>
        <legend>{fieldCopy.network}</legend>
        <NetworkFields draft={draft} kind={draft.kind} problems={problems} onChange={change} />
      </FieldGroup>
    </ConnectionForm>
  )
}
