import { styled } from '@mui/material/styles'
import type { Severity, SeverityCounts } from '@plimsoll/types'
import { count } from '../lib/quantity.ts'
import { severities, severitySentence, totalOf } from '../lib/severity.ts'
import { NavLink } from './nav-link.tsx'
import { VisuallyHidden } from './visually-hidden.ts'

/** The colour of a severity as a CSS value that follows the scheme. */
export const severityColor: Readonly<Record<Severity, string>> = {
  Critical: 'var(--pl-palette-severity-critical)',
  High: 'var(--pl-palette-severity-high)',
  Medium: 'var(--pl-palette-severity-medium)',
  Low: 'var(--pl-palette-severity-low)',
  Unknown: 'var(--pl-palette-severity-unknown)',
}

/** Each severity has a shape of its own, so that it is told apart without colour: fewer corners, less severe. */
const shapes: Readonly<Record<Severity, React.ReactNode>> = {
  Critical: <path d="M6 .6 11.4 6 6 11.4.6 6z" fill="currentColor" />,
  High: <path d="M6 1.2 11.3 10.6H.7z" fill="currentColor" />,
  Medium: <rect x="1.6" y="1.6" width="8.8" height="8.8" rx="1" fill="currentColor" />,
  Low: <circle cx="6" cy="6" r="4.3" fill="currentColor" />,
  Unknown: (
    <circle
      cx="6"
      cy="6"
      r="4.3"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeDasharray="2.2 1.6"
    />
  ),
}

export function SeverityShape({ severity, size = 11 }: { severity: Severity; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 12 12"
      style={{ flex: 'none', color: severityColor[severity] }}
    >
      {shapes[severity]}
    </svg>
  )
}

const Label = styled('span')({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 7,
  whiteSpace: 'nowrap',
  verticalAlign: 'top',
})

interface SeverityProps {
  readonly severity: Severity
  /** Of a finding that is disabled, and counts nowhere. */
  readonly struck?: boolean
}

const struckThrough = { textDecoration: 'line-through' }

/** Shape and word, for tables. */
export function SeverityLabel({ severity, struck = false }: SeverityProps) {
  return (
    <Label style={struck ? struckThrough : undefined}>
      <SeverityShape severity={severity} />
      {severity}
    </Label>
  )
}

const Chip = styled('span')({
  display: 'inline-flex',
  alignItems: 'center',
  height: 22,
  paddingInline: 8,
  borderRadius: 4,
  fontSize: '0.75rem',
  fontWeight: 600,
  whiteSpace: 'nowrap',
})

/** The filled chip, for headings: one at a time, where the severity is the subject. */
export function SeverityChip({ severity, struck = false }: SeverityProps) {
  const known = severity !== 'Unknown'
  return (
    <Chip
      style={{
        ...(known
          ? { background: severityColor[severity], color: 'var(--pl-palette-severity-onFill)' }
          : { border: `1px dashed ${severityColor.Unknown}`, color: severityColor.Unknown }),
        ...(struck && struckThrough),
      }}
    >
      {known ? severity : 'Unknown severity'}
    </Chip>
  )
}

const Track = styled('span')(({ theme }) => ({
  display: 'flex',
  gap: 1,
  height: 6,
  borderRadius: 3,
  overflow: 'hidden',
  background: theme.vars.palette.surface.track,
}))

/** A stacked bar of the shares of each severity. Decorative: the numbers stand beside it. */
function SeverityBar({ counts, width = 72 }: { counts: SeverityCounts; width?: number | string }) {
  const total = totalOf(counts)
  return (
    <Track aria-hidden="true" style={{ width, flex: 'none' }}>
      {total > 0 &&
        severities
          .filter(severity => counts[severity] > 0)
          .map(severity => (
            <span
              key={severity}
              style={{ flex: `${counts[severity]} 0 3px`, background: severityColor[severity] }}
            />
          ))}
    </Track>
  )
}

const Counts = styled('span')({
  display: 'inline-flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: '0 12px',
  verticalAlign: 'top',
})
const Numbers = styled('span')({ display: 'inline-flex', flexWrap: 'wrap', gap: '0 10px' })
const Number = styled('span')({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 4,
  fontVariantNumeric: 'tabular-nums',
})

interface SeverityCountsProps {
  readonly counts: SeverityCounts
  /** Where the findings of a severity are listed; without it the numbers are no links. */
  readonly to?: ((severity: Severity) => string) | undefined
}

/** Bar and numbers by severity in one table cell. */
export function SeverityCountsCell({ counts, to }: SeverityCountsProps) {
  const total = totalOf(counts)
  if (total === 0) return <span style={{ color: 'var(--pl-palette-text-secondary)' }}>None</span>
  return (
    <Counts
      title={severitySentence(counts)}
      {...(to === undefined && { role: 'img', 'aria-label': severitySentence(counts) })}
    >
      <SeverityBar counts={counts} />
      <Numbers>
        {severities
          .filter(severity => counts[severity] > 0)
          .map(severity => (
            <Number key={severity}>
              <SeverityShape severity={severity} size={9} />
              {to === undefined ? (
                count(counts[severity])
              ) : (
                <NavLink to={to(severity)}>
                  {count(counts[severity])}
                  <VisuallyHidden> {severity}</VisuallyHidden>
                </NavLink>
              )}
            </Number>
          ))}
      </Numbers>
    </Counts>
  )
}
