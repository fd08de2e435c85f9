import type { CredentialKind } from '@plimsoll/types'
import { Field, LabelledSelect } from '../ui/fields.tsx'
import { Muted } from '../ui/page.tsx'
import { type CredentialDraft, type CredentialField, fieldsOf, type Problems } from './connection-draft.ts'
import { copy, credentialHelp, credentialText } from './copy.ts'

interface CredentialFieldsProps {
  readonly draft: CredentialDraft
  readonly problems: Problems
  readonly onChange: (draft: CredentialDraft) => void
  readonly kinds?: readonly CredentialKind[]
  /** What it means to give none. */
  readonly noneText?: string
}

/** Asks for one form of credentials, and shows only its fields. Nothing is ever filled in beforehand. */
export function CredentialFields(props: CredentialFieldsProps) {
  const { draft, problems, onChange, kinds = allKinds, noneText = credentialText.none } = props
  return (
    <>
      <LabelledSelect
        label={copy.credentialKind}
        value={draft.kind}
        onChange={event => onChange({ ...draft, kind: event.target.value as CredentialKind })}
        options={kinds.map(value => ({ value, label: value === 'none' ? noneText : credentialText[value] }))}
      />
      {credentialHelp[draft.kind] && (
        <Muted style={{ fontSize: '0.75rem', lineHeight: 1.5 }}>{credentialHelp[draft.kind]}</Muted>
      )}
      {fieldsOf[draft.kind].map(field => (
        <Field
          key={field}
          label={labels[field]}
          value={draft[field]}
          problem={problems[field]}
          onChange={event => onChange({ ...draft, [field]: event.target.value })}
          spellCheck={false}
          {...(multiline.has(field) ? { multiline: true, minRows: 4, maxRows: 10 } : {})}
          {...(secret.has(field)
            ? { type: 'password', autoComplete: 'new-password' }
            : { autoComplete: 'off' })}
        />
      ))}
      {draft.kind !== 'none' && (
        <Muted style={{ fontSize: '0.75rem', lineHeight: 1.5 }}>{copy.writeOnly}</Muted>
      )}
    </>
  )
}

const allKinds = Object.keys(credentialText) as CredentialKind[]

const labels: Readonly<Record<CredentialField, string>> = {
  username: 'User name',
  password: 'Password or access token',
  token: 'Token',
  refreshToken: 'Refresh token',
  clientId: 'Application (client) id',
  clientSecret: 'Client secret',
  accessKeyId: 'Access key id',
  secretAccessKey: 'Secret access key',
  region: 'Region (optional)',
  key: 'JSON key',
}
// Browsers offer to fill in a field of type password unless it is said to be for a new one.
const secret: ReadonlySet<CredentialField> = new Set([
  'password',
  'token',
  'refreshToken',
  'clientSecret',
  'secretAccessKey',
])
const multiline: ReadonlySet<CredentialField> = new Set(['key'])
