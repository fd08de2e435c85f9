import Button from '@mui/material/Button'
import type { RegistryDetail, SubscriptionDetail } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { queryClient, trpc } from '../../app/trpc.ts'
import type { Problems } from '../../connection/connection-draft.ts'
import { credentialText, copy as fieldCopy } from '../../connection/copy.ts'
import { CredentialFields } from '../../connection/credential-fields.tsx'
import { NetworkFields } from '../../connection/network-fields.tsx'
import { PlaceFields } from '../../connection/place-fields.tsx'
import { TestResult } from '../../connection/test-result.tsx'
import { focusFirstProblem } from '../../lib/first-problem.ts'
import { FieldProblem } from '../../ui/fields.tsx'
import { ActionLine, FieldGroup, NarrowForm } from '../../ui/form-parts.ts'
import { Refused } from '../../ui/refused.tsx'
import { copy } from './copy.ts'
import { draftOf, type EditDraft, readChange, replaced } from './edit-draft.ts'

interface EditFormProps {
  readonly registry: RegistryDetail
  readonly subscriptions: readonly SubscriptionDetail[]
}

/** Everything about a registry that can be changed. Secrets that are set are named by their kind and never shown. */
export function EditForm({ registry, subscriptions }: EditFormProps) {
  const [draft, setDraft] = useState(() => draftOf(registry))
  const [problems, setProblems] = useState<Problems>({})
  const form = useRef<HTMLFormElement>(null)
  const navigate = useNavigate()
  const say = useSay()
  const test = useMutation(trpc.registries.test.mutationOptions())
  const save = useMutation(
    trpc.registries.change.mutationOptions({
      onSuccess: async changed => {
        await navigate(paths.registry(changed.id))
        say(`${changed.name} was changed.`)
        await queryClient.invalidateQueries()
      },
    }),
  )
  const change = (part: Partial<EditDraft>) => {
    setDraft({ ...draft, ...part })
    test.reset()
  }
  const read = () => {
    const given = readChange(registry, draft)
    setProblems('problems' in given ? given.problems : {})
    if ('problems' in given) focusFirstProblem(form.current)
    return 'problems' in given ? null : given
  }
  const kind = registry.kind === 'demonstration' ? '' : registry.kind
  return (
    <NarrowForm
      ref={form}
      noValidate
      autoComplete="off"
      onSubmit={event => {
        event.preventDefault()
        const given = read()
        if (given !== null) save.mutate(given.change)
      }}
    >
      <PlaceFields draft={draft} subscriptions={subscriptions} onChange={change} />
      {problems.name && <FieldProblem text={problems.name} />}
      <FieldGroup>
        <legend>{fieldCopy.credentials}</legend>
        <Credentials registry={registry} draft={draft} problems={problems} onChange={change} />
      </FieldGroup>
      <FieldGroup>
        <legend>{fieldCopy.network}</legend>
        {draft.certificateAuthority === null && (
          <ActionLine sx={{ fontSize: '0.8125rem' }}>
            {copy.certificateSet}
            <Button onClick={() => change({ certificateAuthority: '' })}>{copy.certificateReplace}</Button>
          </ActionLine>
        )}
        <NetworkFields
          draft={{ ...draft, certificateAuthority: draft.certificateAuthority ?? '' }}
          withCertificate={draft.certificateAuthority !== null}
          kind={kind}
          problems={problems}
          onChange={change}
        />
      </FieldGroup>
      <TestResult pending={test.isPending} result={test.data} error={test.error} />
      <Refused title={copy.refused} error={save.error} />
      <ActionLine>
        <Button
          disabled={test.isPending}
          onClick={() => {
            const given = read()
            if (given !== null) test.mutate(given.connection)
          }}
        >
          {fieldCopy.test}
        </Button>
        <Button type="submit" variant="contained" disabled={save.isPending}>
          {copy.save}
        </Button>
        <Button variant="text" component={Link} to={paths.registry(registry.id)}>
          Cancel
        </Button>
      </ActionLine>
    </NarrowForm>
  )
}

interface CredentialsProps {
  readonly registry: RegistryDetail
  readonly draft: EditDraft
  readonly problems: Problems
  readonly onChange: (part: Partial<EditDraft>) => void
}

function Credentials({ registry, draft, problems, onChange }: CredentialsProps) {
  if (draft.credentials === null) {
    return (
      <ActionLine sx={{ fontSize: '0.8125rem' }}>
        {registry.credentialKind === 'none'
          ? copy.credentialsNone
          : `${copy.credentialsSet} ${credentialText[registry.credentialKind]}`}
        <Button onClick={() => onChange({ credentials: replaced })}>{copy.replace}</Button>
      </ActionLine>
    )
  }
  return (
    <>
      <CredentialFields
        draft={draft.credentials}
        problems={problems}
        onChange={credentials => onChange({ credentials })}
      />
      <ActionLine>
        <Button onClick={() => onChange({ credentials: null })}>{copy.keep}</Button>
      </ActionLine>
    </>
  )
}
