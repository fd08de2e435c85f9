import type { MonthTotal } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { priceText } from '../../lib/money.ts'
import { count } from '../../lib/quantity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { NothingInScope } from '../../ui/nothing-in-scope.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { ExportLinks } from './export-links.tsx'
import { monthText } from './month.ts'

/** Every month of every subscription in which something was charged. */
export function Months({ subscriptionId }: { subscriptionId: string | undefined }) {
  const scope = useScope()
  const months = useQuery(trpc.billing.months.queryOptions({ scope, subscriptionId }))
  return (
    <QueryPanel query={months} what="the months" skeleton={<TableSkeleton rows={3} />}>
      {rows =>
        rows.length === 0 ? (
          <NothingInScope what={copy.noMonthsInScope}>
            <Notice title={copy.noMonths}>
              <p>{copy.noMonthsText}</p>
            </Notice>
          </NothingInScope>
        ) : (
          <DataTable
            caption={copy.months}
            columns={columns}
            rows={rows}
            rowKey={row => `${row.month} ${row.subscriptionId}`}
          />
        )
      }
    </QueryPanel>
  )
}

const columns: readonly Column<MonthTotal>[] = [
  {
    id: 'month',
    header: 'Month',
    cell: row => (
      <NavLink to={paths.billing({ subscriptionId: row.subscriptionId, month: row.month })} data-row-link="">
        {monthText(row.month)}
      </NavLink>
    ),
  },
  { id: 'subscription', header: 'Subscription', cell: row => row.subscriptionName },
  { id: 'images', header: 'Images charged', align: 'right', cell: row => count(row.images) },
  { id: 'amount', header: 'Amount', align: 'right', cell: row => <Amounts total={row} /> },
  {
    id: 'export',
    header: 'Export',
    cell: row => (
      <ExportLinks
        month={row.month}
        subscriptionId={row.subscriptionId}
        of={`${row.subscriptionName}, ${monthText(row.month)}`}
      />
    ),
  },
]

/** Amounts by currency; images without a price are said beside them, for they are in no amount. */
function Amounts({ total: { amounts, withoutPrice } }: { total: MonthTotal }) {
  return (
    <>
      {amounts.map(amount => (
        <div key={amount.currency}>{priceText(amount)}</div>
      ))}
      {withoutPrice > 0 && (
        <Muted>
          {count(withoutPrice)} {copy.withoutPrice}
        </Muted>
      )}
    </>
  )
}
