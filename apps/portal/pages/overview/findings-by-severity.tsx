import Button from '@mui/material/Button'
import type { FindingCounts } from '@plimsoll/types'
import { lazy, Suspense, useState } from 'react'
import { findingsPath } from '../../finding/finding-query.ts'
import { count } from '../../lib/quantity.ts'
import { openTotal, severities } from '../../lib/severity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { SeverityLabel } from '../../ui/severity.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { chartSentence } from './copy.ts'
import { chartHeight, type SeverityRow } from './severity-row.ts'

// Charts are a fifth of a megabyte; only this page has any.
const SeverityChart = lazy(async () => ({ default: (await import('./charts.ts')).SeverityChart }))

/** Open findings by severity, fixable against not: as a chart, or as a table of the same numbers. */
export function FindingsBySeverity({ findings }: { findings: FindingCounts }) {
  const [asTable, setAsTable] = useState(false)
  const rows: SeverityRow[] = severities.map(severity => ({
    severity,
    fixable: findings.patchable[severity],
    notFixable: findings.open[severity] - findings.patchable[severity],
  }))
  return (
    <Section
      id="by-severity"
      title={chartSentence(findings)}
      aside={
        openTotal(findings) > 0 && (
          <Button variant="text" onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Show as chart' : 'Show as table'}
          </Button>
        )
      }
    >
      <div style={{ minHeight: chartHeight }}>
        {asTable ? (
          <DataTable
            caption="Open findings by severity"
            columns={columns}
            rows={rows}
            rowKey={row => row.severity}
          />
        ) : (
          <Suspense fallback={<BlockSkeleton height={chartHeight} />}>
            <SeverityChart rows={rows} />
          </Suspense>
        )}
      </div>
    </Section>
  )
}

const columns: readonly Column<SeverityRow>[] = [
  { id: 'severity', header: 'Severity', cell: row => <SeverityLabel severity={row.severity} /> },
  {
    id: 'fixable',
    header: 'Fixable',
    align: 'right',
    cell: row => (
      <NumberLink value={row.fixable} to={findingsPath({ severity: [row.severity], fix: 'available' })} />
    ),
  },
  {
    id: 'not-fixable',
    header: 'No free fix',
    align: 'right',
    cell: row => (
      <NumberLink value={row.notFixable} to={findingsPath({ severity: [row.severity], fix: 'none' })} />
    ),
  },
  {
    id: 'all',
    header: 'All open',
    align: 'right',
    cell: row => (
      <NumberLink value={row.fixable + row.notFixable} to={findingsPath({ severity: [row.severity] })} />
    ),
  },
]

const NumberLink = ({ value, to }: { value: number; to: string }) =>
  value === 0 ? <Muted>0</Muted> : <NavLink to={to}>{count(value)}</NavLink>
