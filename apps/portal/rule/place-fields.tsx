import { CheckField } from '../ui/check-field.tsx'
import { ExactField } from '../ui/fields.tsx'
import { FieldGroup, Pair } from '../ui/form-parts.ts'
import { copy } from './copy.ts'
import type { PartProps } from './criteria-fields.tsx'
import type { PlaceRow } from './place.ts'
import { PlacePicker } from './place-picker.tsx'

/** Where the rule holds: a node of the tree, narrowed by patterns or to one image, and whether those below give way. */
export function PlaceFields({ rows, draft, problems, change }: PartProps & { rows: readonly PlaceRow[] }) {
  return (
    <FieldGroup>
      <legend>{copy.place}</legend>
      <PlacePicker
        rows={rows}
        place={draft.place}
        help={copy.wholePlace}
        onChange={place => change({ place })}
      />
      <Pair>
        <ExactField
          label="Repository"
          help={copy.repository}
          value={draft.repository}
          onChange={event => change({ repository: event.target.value })}
          inputProps={{ maxLength: 500 }}
        />
        <ExactField
          label="Tag"
          help={copy.tag}
          value={draft.tag}
          onChange={event => change({ tag: event.target.value })}
          inputProps={{ maxLength: 500 }}
        />
      </Pair>
      <ExactField
        label="Image digest"
        help={copy.digest}
        problem={problems.digest}
        value={draft.digest}
        onChange={event => change({ digest: event.target.value })}
        inputProps={{ maxLength: 100 }}
      />
      <CheckField
        label={copy.overrides}
        help={copy.overridesHelp}
        checked={draft.overrides}
        onChange={overrides => change({ overrides })}
      />
    </FieldGroup>
  )
}
