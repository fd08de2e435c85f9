import { styled } from '@mui/material/styles'
import type { FindingRow } from '@plimsoll/types'
import { paths } from '../app/paths.ts'
import { FindingLink } from '../finding/finding-link.tsx'
import { imageName } from '../lib/names.ts'
import { count, counted, points } from '../lib/quantity.ts'
import { FactList } from '../ui/facts.tsx'
import { Icon } from '../ui/icon.tsx'
import { NavLink } from '../ui/nav-link.tsx'
import { Muted } from '../ui/page.tsx'
import { QueryPanel } from '../ui/query-panel.tsx'
import { SeverityCountsCell, SeverityShape } from '../ui/severity.tsx'
import { BlockSkeleton } from '../ui/skeleton.tsx'
import { VisuallyHidden } from '../ui/visually-hidden.ts'
import { copy } from './copy.ts'
import { guardsOf } from './guards.ts'
import type { Preview, ShownPreview } from './use-preview.ts'

const Figure = styled('p')({ margin: 0, fontSize: '1.25rem', lineHeight: '30px', fontWeight: 600 })
const Body = styled('div')({
  display: 'flex',
  flexDirection: 'column',
  gap: 16,
  transition: 'opacity 120ms',
  '&[aria-busy="true"]': { opacity: 0.55 },
})
const Guards = styled('ul')(({ theme }) => ({
  margin: 0,
  padding: '8px 12px',
  listStyle: 'none',
  border: `1px solid ${theme.vars.palette.severity.critical}`,
  borderRadius: theme.vars.shape.borderRadius,
  '& li': { display: 'flex', gap: 8, fontSize: '0.8125rem', fontWeight: 550 },
  '& li + li': { marginTop: 4 },
  '& svg': { marginTop: 2, color: theme.vars.palette.severity.critical },
}))
const Plain = styled('ul')({ margin: 0, padding: 0, listStyle: 'none', fontSize: '0.8125rem' })
const Sample = styled(Plain)(({ theme }) => ({
  '& li': {
    display: 'grid',
    gridTemplateColumns: '12px minmax(9.5rem, max-content) minmax(0, 1fr)',
    gap: '0 10px',
    alignItems: 'baseline',
    padding: '5px 0',
    borderBottom: `1px solid ${theme.vars.palette.divider}`,
  },
  '& a': { color: theme.vars.palette.primary.main, textDecoration: 'none', whiteSpace: 'nowrap' },
  '& a:hover': { textDecoration: 'underline' },
  '& li > span:last-of-type': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
}))
const Caption = styled('p')({ margin: '0 0 4px', fontSize: '0.8125rem', fontWeight: 550 })

interface RulePreviewPartProps {
  readonly preview: ShownPreview
  /** The draft has no criterion that can be read. */
  readonly empty: boolean
  /** The rule that is changed: what it disables already, it would go on to. Null: a new one. */
  readonly changed: string | null
}

/** What saving the rule would do now. */
export function RulePreviewPart({ preview, empty, changed }: RulePreviewPartProps) {
  if (empty) return <Muted>{copy.previewNothingYet}</Muted>
  return (
    <QueryPanel query={preview.query} what="the preview" skeleton={<BlockSkeleton height={192} />}>
      {data => <Effect preview={data} busy={!preview.current} changed={changed} />}
    </QueryPanel>
  )
}

function Effect({ preview, busy, changed }: { preview: Preview; busy: boolean; changed: string | null }) {
  const { disables, reopens, alreadyDisabled, turnHealthy, turnUnhealthy, score, sample } = preview
  const changes = changed !== null
  const guards = guardsOf(preview, changes)
  // What it was gives way to what it would be; that is no news.
  const overridden = preview.overridden.filter(({ id }) => id !== changed)
  const more = changes ? ' more' : ''
  return (
    <Body aria-busy={busy}>
      <div role="status">
        <Figure>
          {disables === 0
            ? `Would disable nothing${more}`
            : `Would disable ${count(disables)}${more} ${disables === 1 ? 'finding' : 'findings'}`}
        </Figure>
        {disables > 0 && <SeverityCountsCell counts={preview.bySeverity} />}
      </div>
      {preview.selection && <OfSelection selection={preview.selection} disables={disables} />}
      {guards.length > 0 && (
        <Guards aria-label="Think twice">
          {guards.map(guard => (
            <li key={guard}>
              <Icon name="caution" size={14} />
              {guard}
            </li>
          ))}
        </Guards>
      )}
      <FactList
        facts={[
          {
            label: 'Secure score',
            value: (
              <>
                {points(score.before)} → {points(score.after)} <Muted>of {points(score.max)} points</Muted>
              </>
            ),
          },
          { label: 'Images', value: imagesText(turnHealthy, turnUnhealthy) },
          { label: 'Re-opened', value: reopens > 0 && counted(reopens, 'finding') },
          {
            label: 'Already disabled',
            value:
              alreadyDisabled > 0 &&
              `${counted(alreadyDisabled, 'finding')}, ${changes ? 'by this rule or others' : 'by other rules'}`,
          },
        ]}
      />
      {overridden.length > 0 && (
        <div>
          <Caption>Overrides {counted(overridden.length, 'rule')} below</Caption>
          <Plain>
            {overridden.map(({ id, name }) => (
              <li key={id}>
                <NavLink to={paths.rule(id)}>{name}</NavLink>
              </li>
            ))}
          </Plain>
        </div>
      )}
      {sample.length > 0 && <Samples rows={sample} total={disables} />}
    </Body>
  )
}

/** Of the findings that the rule is made for, how many it would disable, and how many others. */
function OfSelection({
  selection: { findings, disables: ofThem },
  disables,
}: {
  selection: NonNullable<Preview['selection']>
  disables: number
}) {
  const others = disables - ofThem
  const whole = ofThem === findings ? `All ${counted(findings, 'selected finding')}` : null
  return (
    <Plain>
      <li>{whole ?? `${count(ofThem)} of ${counted(findings, 'selected finding')}`}</li>
      {others > 0 && <li>{counted(others, 'other')} besides, which its criteria match too</li>}
    </Plain>
  )
}

function Samples({ rows, total }: { rows: readonly FindingRow[]; total: number }) {
  return (
    <div>
      <Caption>{rows.length < total ? `The worst ${rows.length} of ${count(total)}` : 'Findings'}</Caption>
      <Sample>
        {rows.map(row => (
          <li key={row.id}>
            <SeverityShape severity={row.severity} size={10} />
            <FindingLink id={row.id}>
              <VisuallyHidden>{row.severity} </VisuallyHidden>
              {row.vulnerabilityId}
            </FindingLink>
            <span title={`${row.sourceName} in ${row.registryName}, ${imageName(row)}`}>
              {row.sourceName} <Muted>in {imageName(row)}</Muted>
            </span>
          </li>
        ))}
      </Sample>
    </div>
  )
}

function imagesText(healthy: number, unhealthy: number): string {
  const parts = [
    healthy > 0 && `${count(healthy)} ${healthy === 1 ? 'turns' : 'turn'} healthy`,
    unhealthy > 0 && `${count(unhealthy)} ${unhealthy === 1 ? 'turns' : 'turn'} unhealthy`,
  ].filter(part => part !== false)
  return parts.length > 0 ? parts.join(', ') : 'None changes its health'
}
