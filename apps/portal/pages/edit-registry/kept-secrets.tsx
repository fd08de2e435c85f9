import Button from '@mui/material/Button'
import type { CredentialKind } from '@plimsoll/types'
import type { CredentialDraft, Problems } from '../../connection/connection-draft.ts'
import { credentialText } from '../../connection/copy.ts'
import { CredentialFields } from '../../connection/credential-fields.tsx'
import { ActionLine } from '../../ui/form-parts.ts'
import { copy } from './copy.ts'
import { replaced } from './edit-draft.ts'

interface KeptCredentialsProps {
  /** The kind of those that are set. */
  readonly kept: CredentialKind
  /** Null: they stay. */
  readonly draft: CredentialDraft | null
  readonly problems: Problems
  readonly onChange: (draft: CredentialDraft | null) => void
}

/** Says what is set, and asks for others only when those are to be replaced. */
export function KeptCredentials({ kept, draft, problems, onChange }: KeptCredentialsProps) {
  if (draft === null) {
    return (
      <ActionLine sx={{ fontSize: '0.8125rem' }}>
        {kept === 'none' ? copy.credentialsNone : `${copy.credentialsSet} ${credentialText[kept]}`}
        <Button onClick={() => onChange(replaced)}>{copy.replace}</Button>
      </ActionLine>
    )
  }
  return (
    <>
      <CredentialFields draft={draft} problems={problems} onChange={onChange} />
      <ActionLine>
        <Button onClick={() => onChange(null)}>{copy.keep}</Button>
      </ActionLine>
    </>
  )
}

/** The same of a certificate authority. */
export const KeptCertificate = ({ onReplace }: { onReplace: () => void }) => (
  <ActionLine sx={{ fontSize: '0.8125rem' }}>
    {copy.certificateSet}
    <Button onClick={onReplace}>{copy.certificateReplace}</Button>
  </ActionLine>
)
