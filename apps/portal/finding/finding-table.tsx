import { styled } from '@mui/material/styles'
import type { FindingRow } from '@plimsoll/types'
import { useMemo } from 'react'
import { paths } from '../app/paths.ts'
import { ecosystemName, fixText, imageName, otherIds } from '../lib/names.ts'
import { Code } from '../ui/code.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { NavLink } from '../ui/nav-link.tsx'
import { Muted } from '../ui/page.tsx'
import { SeverityLabel } from '../ui/severity.tsx'
import { When } from '../ui/when.tsx'
import { FindingLink } from './finding-link.tsx'
import { useOfferFindingOrder } from './finding-order.tsx'
import type { FindingSort } from './finding-query.ts'
import { ThreatCell } from './threat.tsx'
import type { FindingSelection } from './use-selection.ts'

type FindingColumn = Column<FindingRow, FindingSort>

const RuleNames = styled('span')(({ theme }) => ({ color: theme.vars.palette.text.secondary }))

const severity: FindingColumn = {
  id: 'severity',
  header: 'Severity',
  width: 104,
  sort: { ascending: 'severity', descending: '-severity', first: 'descending' },
  cell: row => <SeverityLabel severity={row.severity} struck={row.state === 'disabled'} />,
}
const id: FindingColumn = {
  id: 'id',
  header: 'ID',
  sort: { ascending: 'cve', descending: '-cve', first: 'ascending' },
  cell: row => (
    <span style={{ whiteSpace: 'nowrap' }}>
      <FindingLink id={row.id} row>
        {row.vulnerabilityId}
      </FindingLink>
      <OtherIds row={row} />
    </span>
  ),
}
const check: FindingColumn = { id: 'check', header: 'Security check', cell: row => row.securityCheck }
const category: FindingColumn = { id: 'category', header: 'Category', cell: row => row.category }
const packages: FindingColumn = {
  id: 'package',
  header: 'Package',
  sort: { ascending: 'package', descending: '-package', first: 'ascending' },
  cell: row => {
    const names = row.packageNames.join(', ')
    const others = row.packageNames.filter(name => name !== row.sourceName).length
    return (
      <span title={names}>
        {row.sourceName}
        {others > 1 && <Muted> +{others}</Muted>}
      </span>
    )
  },
}
/** The checks beside it take two lines, so there is room for the type below the name. */
const typedPackages: FindingColumn = {
  ...packages,
  cell: row => (
    <>
      {packages.cell(row)}
      <br />
      <Muted title="Package type">{ecosystemName(row.ecosystem)}</Muted>
    </>
  ),
}
const installed: FindingColumn = {
  id: 'installed',
  header: 'Installed',
  cell: row => <Code>{row.sourceVersion}</Code>,
}
const fixed: FindingColumn = {
  id: 'fixed',
  header: 'Fixed in',
  cell: row =>
    row.fixedVersion === null ? (
      <Muted>{fixText(row)}</Muted>
    ) : (
      <>
        <Code>{row.fixedVersion}</Code>
        {row.fixState !== 'available' && <Muted> ({fixText(row)})</Muted>}
      </>
    ),
}
const image: FindingColumn = {
  id: 'image',
  header: 'Image',
  cell: row => <NavLink to={paths.image(row)}>{imageName(row)}</NavLink>,
}
const cvss: FindingColumn = {
  id: 'cvss',
  header: 'CVSS',
  align: 'right',
  width: 64,
  sort: { ascending: 'cvss', descending: '-cvss', first: 'descending' },
  cell: row => (row.cvssV3BaseScore === null ? <Muted>–</Muted> : row.cvssV3BaseScore.toFixed(1)),
}
const epss: FindingColumn = {
  id: 'epss',
  header: 'EPSS',
  align: 'right',
  width: 96,
  sort: { descending: '-epss', first: 'descending' },
  cell: row => <ThreatCell finding={row} />,
}
const firstSeen: FindingColumn = {
  id: 'seen',
  header: 'First seen',
  cell: row => <When at={row.firstSeenAt} />,
}
const rules: FindingColumn = {
  id: 'rules',
  header: 'Disabled by',
  cell: row => (
    <RuleNames>
      {row.rules.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <NavLink to={paths.rule(id)}>{name}</NavLink>
        </span>
      ))}
    </RuleNames>
  ),
}

function OtherIds({ row }: { row: FindingRow }) {
  const others = otherIds(row)
  return others.length > 0 && <Muted title={others.join(', ')}> +{others.length}</Muted>
}

const everywhere: readonly FindingColumn[] = [
  severity,
  id,
  packages,
  installed,
  fixed,
  image,
  cvss,
  epss,
  firstSeen,
]
const inAnImage: readonly FindingColumn[] = [
  severity,
  id,
  check,
  category,
  typedPackages,
  installed,
  fixed,
  cvss,
  epss,
]

interface FindingTableProps {
  readonly rows: readonly FindingRow[]
  readonly sort: FindingSort
  readonly onSort: (sort: FindingSort) => void
  readonly busy: boolean
  readonly currentId: string | null
  /** All rows are of one image, whose name is left out for the security check's. */
  readonly ofOneImage: boolean
  readonly disabled: boolean
  readonly selection: FindingSelection
}

export function FindingTable({
  rows,
  sort,
  onSort,
  busy,
  currentId,
  ofOneImage,
  disabled,
  selection,
}: FindingTableProps) {
  const columns = useMemo(() => {
    const base = ofOneImage ? inAnImage : everywhere
    return disabled ? [...base.slice(0, -1), rules] : base
  }, [ofOneImage, disabled])
  useOfferFindingOrder(useMemo(() => rows.map(row => row.id), [rows]))
  return (
    <DataTable
      caption={disabled ? 'Disabled findings' : 'Findings'}
      columns={columns}
      rows={rows}
      rowKey={row => row.id}
      sort={sort}
      onSort={onSort}
      busy={busy}
      currentKey={currentId}
      selection={{
        chosen: selection.chosenOf(rows),
        onChoose: chosen => selection.choose(chosen, rows),
        label: row => `${row.vulnerabilityId} in ${row.sourceName}`,
      }}
    />
  )
}
