import type { RuleReason } from '@plimsoll/types'
import { reasonText } from '../lib/rule-words.ts'
import { CheckField } from '../ui/check-field.tsx'
import { Field, LabelledSelect } from '../ui/fields.tsx'
import { FieldGroup, Pair } from '../ui/form-parts.ts'
import { copy } from './copy.ts'
import type { PartProps } from './criteria-fields.tsx'
import { nameOf } from './rule-draft.ts'

const reasons = Object.keys(reasonText) as RuleReason[]

/** Why, who answers for it, until when, and what it is called. */
export function ReasonFields({ draft, problems, change }: PartProps) {
  return (
    <FieldGroup>
      <legend>{copy.why}</legend>
      <Pair>
        <LabelledSelect
          label="Reason"
          help={copy.reasonHelp}
          problem={problems.reason}
          value={draft.reason ?? ''}
          onChange={event => change({ reason: reasons.find(each => each === event.target.value) ?? null })}
          options={[
            { value: '', label: 'Choose one' },
            ...reasons.map(each => ({ value: each, label: reasonText[each] })),
          ]}
        />
        <Field
          label="Owner"
          help={copy.owner}
          value={draft.owner}
          onChange={event => change({ owner: event.target.value })}
          inputProps={{ maxLength: 200 }}
        />
      </Pair>
      <Field
        label="Note"
        help={copy.note}
        problem={problems.justification}
        value={draft.justification}
        onChange={event => change({ justification: event.target.value })}
        multiline
        minRows={3}
      />
      <Pair>
        <Field
          label="Last day"
          help={copy.lastDay}
          problem={problems.lastDay}
          type="date"
          value={draft.lastDay}
          disabled={draft.endless}
          onChange={event => change({ lastDay: event.target.value })}
        />
        <div style={{ display: 'grid', gap: 12, paddingTop: 24 }}>
          <CheckField
            label={copy.endless}
            help={copy.endlessHelp}
            checked={draft.endless}
            onChange={endless => change({ endless })}
          />
          <CheckField
            label={copy.untilFixed}
            help={copy.untilFixedHelp}
            checked={draft.untilFixed}
            onChange={untilFixed => change({ untilFixed })}
          />
        </div>
      </Pair>
      <Field
        label="Name"
        help={copy.name}
        problem={problems.name}
        value={nameOf(draft)}
        onChange={event => change({ name: event.target.value })}
        inputProps={{ maxLength: 200 }}
      />
    </FieldGroup>
  )
}
