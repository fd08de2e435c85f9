import { memo } from 'react'
import { Icon } from './icon.tsx'
import { type RowSelection, SelectAllCell, SelectCell, useSelectRows } from './row-selection.tsx'
import { SortButton, Table, TableFrame } from './table-styles.ts'
import { VisuallyHidden } from './visually-hidden.ts'

/**
 * A column; `sort` names the server's orders, ascending and descending, and which of them a first press gives. A column
 * without an ascending order is sorted one way only.
 */
export interface Column<Row, Sort extends string = never> {
  readonly id: string
  readonly header: string
  readonly align?: 'right'
  readonly width?: number | string
  readonly hideHeader?: boolean
  readonly sort?: {
    readonly ascending?: Sort
    readonly descending: Sort
    readonly first: 'ascending' | 'descending'
  }
  readonly cell: (row: Row) => React.ReactNode
}

interface DataTableProps<Row, Sort extends string> {
  /** What the table lists, for those who do not see it. */
  readonly caption: string
  readonly columns: readonly Column<Row, Sort>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly sort?: Sort
  readonly onSort?: (sort: Sort) => void
  /** The row whose details are open beside the table. */
  readonly currentKey?: string | null
  /** Shown rows are of an earlier question while the answer to the present one is on its way. */
  readonly busy?: boolean
  /** Rows can be chosen, for what is done with several. */
  readonly selection?: RowSelection<Row> | undefined
}

/**
 * The table of every list: semantic, sorted by the server. A row with a link marked `data-row-link` opens it when
 * clicked anywhere; with the keyboard one goes to the link itself. The explicit roles keep it a table for assistive
 * technology where narrow screens lay its rows out as blocks.
 */
export function DataTable<Row, Sort extends string = never>(props: DataTableProps<Row, Sort>) {
  const { caption, columns, rows, rowKey, sort, onSort, currentKey = null, busy = false } = props
  const { selection } = props
  const keys = rows.map(rowKey)
  const onSelect = useSelectRows(keys, selection)
  return (
    <TableFrame aria-busy={busy}>
      <Table role="table">
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            {selection && (
              <SelectAllCell keys={keys} chosen={selection.chosen} onChoose={selection.onChoose} />
            )}
            {columns.map(column => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- a larger target for the pointer; with the keyboard one follows the row's own link */}
        <tbody role="rowgroup" onClick={openRow} onChange={onSelect}>
          {rows.map(row => {
            const key = rowKey(row)
            return (
              <BodyRow
                key={key}
                rowKey={key}
                row={row}
                columns={columns}
                current={key === currentKey}
                label={selection?.label(row)}
                chosen={selection?.chosen.has(key) ?? false}
              />
            )
          })}
        </tbody>
      </Table>
    </TableFrame>
  )
}

interface HeaderCellProps<Row, Sort extends string> {
  readonly column: Column<Row, Sort>
  readonly sort: Sort | undefined
  readonly onSort: ((sort: Sort) => void) | undefined
}

function HeaderCell<Row, Sort extends string>({ column, sort, onSort }: HeaderCellProps<Row, Sort>) {
  const style = column.width === undefined ? undefined : { width: column.width }
  const orders = column.sort
  if (!orders || !onSort) {
    return (
      <th role="columnheader" scope="col" data-align={column.align} style={style}>
        {column.hideHeader ? <VisuallyHidden>{column.header}</VisuallyHidden> : column.header}
      </th>
    )
  }
  const order =
    sort === orders.descending ? 'descending' : sort === orders.ascending ? 'ascending' : undefined
  const next = order === undefined ? orders.first : order === 'ascending' ? 'descending' : 'ascending'
  return (
    <th role="columnheader" scope="col" data-align={column.align} aria-sort={order} style={style}>
      <SortButton type="button" onClick={() => onSort(orders[next] ?? orders.descending)}>
        {column.header}
        <Icon name={(order ?? next) === 'ascending' ? 'up' : 'down'} size={10} />
      </SortButton>
    </th>
  )
}

interface BodyRowProps<Row, Sort extends string> {
  readonly row: Row
  readonly columns: readonly Column<Row, Sort>[]
  readonly current: boolean
  readonly rowKey: string
  /** What the row is called where it can be chosen; undefined: it cannot. */
  readonly label: string | undefined
  readonly chosen: boolean
}

function PlainBodyRow<Row, Sort extends string>(props: BodyRowProps<Row, Sort>) {
  const { row, columns, current, rowKey, label, chosen } = props
  return (
    <tr role="row" data-opens="" aria-current={current ? 'true' : undefined}>
      {label !== undefined && <SelectCell rowKey={rowKey} label={label} chosen={chosen} />}
      {columns.map(column => (
        <td
          key={column.id}
          role="cell"
          data-align={column.align}
          data-label={column.hideHeader ? undefined : column.header}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

// Rows re-render only when their data or the columns change; `memo` forgets the type parameters, the cast restores them.
const BodyRow = memo(PlainBodyRow) as typeof PlainBodyRow

/** Follows the row's link for a click anywhere in the row, unless text was selected or a control was meant. */
function openRow(event: React.MouseEvent<HTMLElement>): void {
  const target = event.target as Element
  if (target.closest('a, button, input, select, textarea, label, summary')) return
  if (window.getSelection()?.isCollapsed === false) return
  const link = target.closest('tr')?.querySelector<HTMLAnchorElement>('a[data-row-link]')
  // A new event carries the modifiers on, so that Ctrl and click opens a tab here too.
  link?.dispatchEvent(
    new MouseEvent('click', {
      bubbles: true,
      cancelable: true,
      ctrlKey: event.ctrlKey,
      metaKey: event.metaKey,
      shiftKey: event.shiftKey,
    }),
  )
}
