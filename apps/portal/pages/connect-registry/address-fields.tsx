import type { ConnectableKind } from '@plimsoll/types'
import { type ConnectionDraft, isPlainHttp, type Problems } from '../../connection/connection-draft.ts'
import { copy } from '../../connection/copy.ts'
import { connectableKinds, registryKindText } from '../../lib/registry-kind.ts'
import { CheckField } from '../../ui/check-field.tsx'
import { ExactField, LabelledSelect } from '../../ui/fields.tsx'
import { Notice } from '../../ui/notice.tsx'

interface AddressFieldsProps {
  readonly draft: Pick<ConnectionDraft, 'address' | 'allowPlainHttp' | 'kind'>
  readonly problems: Problems
  readonly onChange: (part: Partial<ConnectionDraft>) => void
}

/** Where the registry is and what it is. Plain http by explicit choice alone, beside what it means. */
export const AddressFields = ({ draft, problems, onChange }: AddressFieldsProps) => (
  <>
    <ExactField
      label={copy.address}
      help={copy.addressHelp}
      problem={problems.address}
      value={draft.address}
      inputProps={{ maxLength: 300 }}
      onChange={event => onChange({ address: event.target.value })}
    />
    {isPlainHttp(draft.address) && (
      <Notice title="This address is asked without encryption" icon="caution" tone="caution">
        <p style={{ marginBottom: 8 }}>{copy.plainHttpWarning}</p>
        <CheckField
          label={copy.plainHttp}
          problem={problems.allowPlainHttp}
          checked={draft.allowPlainHttp}
          onChange={allowPlainHttp => onChange({ allowPlainHttp })}
        />
      </Notice>
    )}
    <LabelledSelect
      label={copy.kind}
      help={copy.kindHelp}
      value={draft.kind}
      onChange={event => onChange({ kind: event.target.value as ConnectableKind | '' })}
      options={[
        { value: '', label: copy.detect },
        ...connectableKinds.map(value => ({ value, label: registryKindText[value] })),
      ]}
    />
  </>
)
