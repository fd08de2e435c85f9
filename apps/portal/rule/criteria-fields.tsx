import { styled } from '@mui/material/styles'
import type { RuleCriteria } from '@plimsoll/types'
import { useId, useState } from 'react'
import { CheckField } from '../ui/check-field.tsx'
import { Field, LabelledSelect } from '../ui/fields.tsx'
import { FieldGroup, Pair } from '../ui/form-parts.ts'
import { copy } from './copy.ts'
import { keptSeverities, type ListField, type Problems, type RuleDraft } from './rule-draft.ts'

export interface PartProps {
  readonly draft: RuleDraft
  readonly problems: Problems
  readonly change: (part: Partial<RuleDraft>) => void
}

const Choices = styled('div')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  gap: '4px 20px',
  fontSize: '0.8125rem',
  '& label': { display: 'inline-flex', alignItems: 'center', gap: 8, minHeight: 28 },
  '& input': { margin: 0, accentColor: theme.vars.palette.primary.main },
}))
const More = styled('details')({
  '& > summary': { fontSize: '0.8125rem', fontWeight: 550, cursor: 'pointer', minHeight: 24 },
  '& > summary + *': { marginTop: 12 },
})

/** What findings the rule is about. The original's criteria come first; ours are a step away until one is set. */
export function CriteriaFields({ draft, problems, change }: PartProps) {
  const list = (field: ListField, label: string, help: string) => (
    <Field
      label={label}
      help={help}
      problem={problems[field] ?? (field === 'cves' ? problems.criteria : undefined)}
      value={draft[field]}
      onChange={event => change({ [field]: event.target.value })}
      multiline
      minRows={2}
      maxRows={10}
      spellCheck={false}
    />
  )
  const bound = (field: 'cvssBelow' | 'epssBelow', label: string, help: string) => (
    <Field
      label={label}
      help={help}
      problem={problems[field]}
      value={draft[field]}
      onChange={event => change({ [field]: event.target.value })}
      inputMode="decimal"
    />
  )
  const { packages, ecosystems, distributions, epssBelow, kev } = draft
  // As it is at first: it neither opens nor closes by itself while something is typed.
  const [moreOpen] = useState(
    [packages, ecosystems, distributions, epssBelow].some(text => text !== '') || kev !== null,
  )
  return (
    <FieldGroup>
      <legend>Disable findings that match</legend>
      <Match draft={draft} change={change} />
      <Pair>
        {list('cves', 'CVEs', copy.list)}
        {list('ids', 'IDs', `${copy.ids} ${copy.list}`)}
        {list('categories', 'Categories', copy.categories)}
        {list('securityChecks', 'Security checks', copy.checks)}
        {bound('cvssBelow', 'CVSS v3 score below', copy.cvss)}
        <LabelledSelect
          label="Minimum severity kept"
          help={copy.severity}
          value={draft.severityBelow ?? ''}
          onChange={event =>
            change({ severityBelow: keptSeverities.find(each => each === event.target.value) ?? null })
          }
          options={[
            { value: '', label: 'None' },
            ...keptSeverities.map(each => ({ value: each, label: each })),
          ]}
        />
      </Pair>
      <CheckField
        label={copy.notPatchable}
        checked={draft.notPatchable}
        onChange={notPatchable => change({ notPatchable })}
      />
      <More open={moreOpen}>
        <summary>{copy.moreCriteria}</summary>
        <Pair>
          {list('packages', 'Packages', copy.packages)}
          {list('ecosystems', 'Ecosystems', copy.ecosystems)}
          {list('distributions', 'Distributions', copy.distributions)}
          {bound('epssBelow', 'EPSS below', copy.epss)}
          <LabelledSelect
            label="Known attacks"
            value={kevValue(draft.kev)}
            onChange={event =>
              change({ kev: event.target.value === '' ? null : event.target.value === 'yes' })
            }
            options={[
              { value: '', label: 'No matter' },
              { value: 'no', label: 'Not known to be exploited' },
              { value: 'yes', label: 'Known to be exploited' },
            ]}
          />
        </Pair>
      </More>
    </FieldGroup>
  )
}

const kevValue = (kev: RuleCriteria['kev']): string => (kev === null ? '' : kev ? 'yes' : 'no')

const matches = [
  { value: 'any', label: 'any of the criteria' },
  { value: 'all', label: 'all of the criteria' },
] as const

function Match({ draft, change }: Pick<PartProps, 'draft' | 'change'>) {
  const name = useId()
  return (
    <Choices role="radiogroup" aria-label="Match">
      {matches.map(({ value, label }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={draft.match === value}
            onChange={() => change({ match: value })}
          />
          {label}
        </label>
      ))}
    </Choices>
  )
}
