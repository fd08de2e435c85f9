import type { ConnectableKind } from '@plimsoll/types'
import { ExactField, Field } from '../ui/fields.tsx'
import { CertificateField } from './certificate-field.tsx'
import type { ConnectionDraft, Problems } from './connection-draft.ts'
import { copy } from './copy.ts'

type NetworkDraft = Pick<
  ConnectionDraft,
  'certificateAuthority' | 'proxy' | 'repositories' | 'serviceAccount'
>

interface NetworkFieldsProps {
  readonly draft: NetworkDraft
  readonly kind: ConnectableKind | ''
  readonly problems: Problems
  /** One is set, and stays unless it is asked to be replaced. */
  readonly withCertificate?: boolean
  readonly onChange: (part: Partial<NetworkDraft>) => void
}

/** The way to a registry and what of it is watched. */
export const NetworkFields = ({
  draft,
  kind,
  problems,
  withCertificate = true,
  onChange,
}: NetworkFieldsProps) => (
  <>
    <Field
      label={copy.repositories}
      help={copy.repositoriesHelp}
      problem={problems.repositories}
      value={draft.repositories}
      multiline
      minRows={2}
      maxRows={10}
      spellCheck={false}
      onChange={event => onChange({ repositories: event.target.value })}
    />
    {withCertificate && (
      <CertificateField
        value={draft.certificateAuthority}
        problem={problems.certificateAuthority}
        onChange={certificateAuthority => onChange({ certificateAuthority })}
      />
    )}
    <ExactField
      label={copy.proxy}
      help={copy.proxyHelp}
      problem={problems.proxy}
      value={draft.proxy}
      onChange={event => onChange({ proxy: event.target.value })}
    />
    {kind === 'artifact-registry' && (
      <ExactField
        label={copy.serviceAccount}
        help={copy.serviceAccountHelp}
        problem={problems.serviceAccount}
        value={draft.serviceAccount}
        onChange={event => onChange({ serviceAccount: event.target.value })}
      />
    )}
  </>
)
