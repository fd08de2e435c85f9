import type { ScopeTree } from '@plimsoll/types'
import { placedName } from '../lib/scope-path.ts'
import { Field, LabelledSelect } from '../ui/fields.tsx'
import { Pair } from '../ui/form-parts.ts'
import type { ConnectionDraft, Problems } from './connection-draft.ts'
import { copy } from './copy.ts'

type PlaceDraft = Pick<ConnectionDraft, 'name' | 'subscriptionId' | 'resourceGroup'>

interface PlaceFieldsProps {
  readonly draft: PlaceDraft
  readonly problems: Problems
  /** What becomes of a name that is left empty. */
  readonly nameHelp?: string
  /** Where it may stand. */
  readonly tree: ScopeTree
  readonly onChange: (part: Partial<PlaceDraft>) => void
}

/** What a registry is called and where it stands among the scopes. */
export function PlaceFields({ draft, problems, nameHelp, tree, onChange }: PlaceFieldsProps) {
  const chosen = tree.subscriptions.find(each => each.id === draft.subscriptionId)
  return (
    <>
      <Field
        label={copy.name}
        help={nameHelp}
        problem={problems.name}
        value={draft.name}
        autoComplete="off"
        inputProps={{ maxLength: 100 }}
        onChange={event => onChange({ name: event.target.value })}
      />
      <Pair>
        <LabelledSelect
          label={copy.subscription}
          help={chosen?.plan === 'off' ? copy.planOff : copy.subscriptionHelp}
          value={draft.subscriptionId}
          onChange={event => onChange({ subscriptionId: event.target.value })}
          options={tree.subscriptions.map(each => {
            const name = placedName(tree, each)
            return { value: each.id, label: each.plan === 'off' ? `${name} (plan off)` : name }
          })}
        />
        <Field
          label={copy.resourceGroup}
          help={copy.resourceGroupHelp}
          value={draft.resourceGroup}
          autoComplete="off"
          inputProps={{ maxLength: 90 }}
          onChange={event => onChange({ resourceGroup: event.target.value })}
        />
      </Pair>
    </>
  )
}
