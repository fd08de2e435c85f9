import type { FindingFilter, Severity } from '@plimsoll/types'
import { severities } from '../lib/severity.ts'
import { ChoicePill, ChoicesPill } from '../ui/choice-pill.tsx'
import { SeverityShape } from '../ui/severity.tsx'
import { classes, type FindingStatus, statuses } from './finding-fields.ts'
import { withField } from './finding-query.ts'
import { NamedPills } from './named-pills.tsx'
import { percentText } from './threat-words.ts'

const fixes = { available: 'Fix available', none: 'No free fix' } as const
const kevs = { yes: 'Known exploited only', no: 'Not known to be exploited' } as const
const epssBounds = [0.01, 0.05, 0.1, 0.5]
const severityChoices = Object.fromEntries(
  severities.map(severity => [
    severity,
    <>
      <SeverityShape severity={severity} />
      {severity}
    </>,
  ]),
) as Record<Severity, React.ReactNode>

interface PillsProps {
  readonly filter: FindingFilter
  /** Fields that the page itself fixes; no pill is shown for them. */
  readonly within: Partial<FindingFilter>
  readonly onChange: (filter: FindingFilter) => void
}

/** The filters that hold, and the choices there always are. */
export function FilterPills({ filter, within, onChange }: PillsProps) {
  const set = (change: Partial<FindingFilter>) => onChange(withField(filter, change))
  const { severity = [], kev } = filter
  return (
    <>
      <ChoicesPill
        label="Severity"
        choices={severityChoices}
        chosen={severity}
        value={severity.length > 0 ? severity.join(', ') : undefined}
        onChange={chosen => set({ severity: chosen.length > 0 ? chosen : undefined })}
      />
      <ChoicePill label="Fix" choices={fixes} value={filter.fix} onChange={fix => set({ fix })} />
      <ChoicePill
        label="Exploited"
        choices={kevs}
        value={kev === undefined ? undefined : kev ? 'yes' : 'no'}
        onChange={chosen => set({ kev: chosen === undefined ? undefined : chosen === 'yes' })}
      />
      <EpssPill value={filter.epssAtLeast} onChange={epssAtLeast => set({ epssAtLeast })} />
      <ClassPill filter={filter} set={set} />
      {within.status === undefined && (
        <ChoicePill
          label="Status"
          choices={statuses}
          value={filter.status === 'open' ? undefined : filter.status}
          onChange={(status: FindingStatus | undefined) => set({ status: status ?? 'open' })}
        />
      )}
      <NamedPills filter={filter} within={within} set={set} />
    </>
  )
}

interface EpssPillProps {
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
}

/** A least probability; one that the URL names beside the usual ones is a choice too. */
function EpssPill({ value, onChange }: EpssPillProps) {
  const bounds = [...new Set([...epssBounds, ...(value === undefined ? [] : [value])])].sort((a, b) => a - b)
  const choices = Object.fromEntries(bounds.map(bound => [`≥${bound}`, `at least ${percentText(bound)}`]))
  return (
    <ChoicePill
      label="EPSS"
      choices={choices}
      value={value === undefined ? undefined : `≥${value}`}
      onChange={chosen => onChange(chosen === undefined ? undefined : Number(chosen.slice(1)))}
    />
  )
}

/** Which classes are listed: without a choice that of totals alone, for the others are counted beside them. */
function ClassPill({
  filter,
  set,
}: {
  filter: FindingFilter
  set: (change: Partial<FindingFilter>) => void
}) {
  return (
    <ChoicesPill
      label="Class"
      choices={classes}
      chosen={filter.class ?? ['security']}
      value={filter.class?.map(each => classes[each]).join(', ')}
      onChange={chosen => {
        const asWithout = chosen.length === 0 || (chosen.length === 1 && chosen[0] === 'security')
        set({ class: asWithout ? undefined : chosen })
      }}
    />
  )
}
