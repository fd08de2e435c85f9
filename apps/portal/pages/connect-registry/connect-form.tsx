import Button from '@mui/material/Button'
import type { ConnectableKind, SubscriptionDetail } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { queryClient, trpc } from '../../app/trpc.ts'
import {
  type ConnectionDraft,
  emptyConnection,
  isPlainHttp,
  type Problems,
  readConnection,
} from '../../connection/connection-draft.ts'
import { copy as fieldCopy } from '../../connection/copy.ts'
import { CredentialFields } from '../../connection/credential-fields.tsx'
import { NetworkFields } from '../../connection/network-fields.tsx'
import { PlaceFields } from '../../connection/place-fields.tsx'
import { TestResult } from '../../connection/test-result.tsx'
import { focusFirstProblem } from '../../lib/first-problem.ts'
import { connectableKinds, registryKindText } from '../../lib/registry-kind.ts'
import { CheckField } from '../../ui/check-field.tsx'
import { Field, FieldProblem, LabelledSelect } from '../../ui/fields.tsx'
import { ActionLine, FieldGroup, NarrowForm } from '../../ui/form-parts.ts'
import { Notice } from '../../ui/notice.tsx'
import { Refused } from '../../ui/refused.tsx'
import { copy } from './copy.ts'

/** The whole form. What was tested is what is connected: a change puts the test's answer away. */
export function ConnectForm({ subscriptions }: { subscriptions: readonly SubscriptionDetail[] }) {
  const [draft, setDraft] = useState(() => emptyConnection(subscriptions[0]?.id ?? ''))
  const [problems, setProblems] = useState<Problems>({})
  const form = useRef<HTMLFormElement>(null)
  const navigate = useNavigate()
  const say = useSay()
  const test = useMutation(trpc.registries.test.mutationOptions())
  const connect = useMutation(
    trpc.registries.connect.mutationOptions({
      onSuccess: async registry => {
        await navigate(paths.registry(registry.id))
        say(`${registry.name} is connected.`)
        await queryClient.invalidateQueries()
      },
    }),
  )
  const change = (part: Partial<ConnectionDraft>) => {
    setDraft({ ...draft, ...part })
    test.reset()
  }
  const read = () => {
    const given = readConnection(draft)
    setProblems('problems' in given ? given.problems : {})
    if ('problems' in given) focusFirstProblem(form.current)
    return 'problems' in given ? null : given
  }
  return (
    <NarrowForm
      ref={form}
      noValidate
      autoComplete="off"
      onSubmit={event => {
        event.preventDefault()
        const given = read()
        if (given !== null) connect.mutate(given.registry)
      }}
    >
      <Field
        label={fieldCopy.address}
        help={fieldCopy.addressHelp}
        problem={problems.address}
        value={draft.address}
        autoComplete="off"
        spellCheck={false}
        inputProps={{ maxLength: 300, autoCapitalize: 'none' }}
        onChange={event => change({ address: event.target.value })}
      />
      {isPlainHttp(draft.address) && (
        <PlainHttp
          checked={draft.allowPlainHttp}
          problem={problems.allowPlainHttp}
          onChange={allowPlainHttp => change({ allowPlainHttp })}
        />
      )}
      <LabelledSelect
        label={fieldCopy.kind}
        help={fieldCopy.kindHelp}
        value={draft.kind}
        onChange={event => change({ kind: event.target.value as ConnectableKind | '' })}
        options={[
          { value: '', label: fieldCopy.detect },
          ...connectableKinds.map(value => ({ value, label: registryKindText[value] })),
        ]}
      />
      <PlaceFields draft={draft} subscriptions={subscriptions} onChange={change} />
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
      <TestResult pending={test.isPending} result={test.data} error={test.error} />
      <Refused title={copy.refused} error={connect.error} />
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
        <Button type="submit" variant="contained" disabled={connect.isPending}>
          {copy.connect}
        </Button>
        <Button variant="text" component={Link} to={paths.registries}>
          Cancel
        </Button>
      </ActionLine>
    </NarrowForm>
  )
}

interface PlainHttpProps {
  readonly checked: boolean
  readonly problem: string | undefined
  readonly onChange: (checked: boolean) => void
}

/** Plain http by explicit choice alone, beside what it means. */
const PlainHttp = ({ checked, problem, onChange }: PlainHttpProps) => (
  <Notice title="This address is asked without encryption" icon="caution" tone="caution">
    <p style={{ marginBottom: 8 }}>{fieldCopy.plainHttpWarning}</p>
    <CheckField label={fieldCopy.plainHttp} checked={checked} onChange={onChange} />
    {problem && <FieldProblem text={problem} />}
  </Notice>
)
