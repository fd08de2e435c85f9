import type { Charge } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { priceText } from '../../lib/money.ts'
import { readPage, withPage, withSize } from '../../lib/page-params.ts'
import { counted } from '../../lib/quantity.ts'
import { Code, Digest } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { ActionLine } from '../../ui/form-parts.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { OnlyInScope } from '../../ui/nothing-in-scope.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'
import { ExportLinks } from './export-links.tsx'
import { monthText } from './month.ts'

interface ChargesProps {
  readonly month: string
  readonly subscriptionId: string | undefined
}

/** What was charged in one month, image by image. */
export function Charges({ month, subscriptionId }: ChargesProps) {
  const [params, setParams] = useAddressParams()
  const scope = useScope()
  const { page, size } = readPage(params)
  const charges = useQuery({
    ...trpc.billing.charges.queryOptions({ scope, month, subscriptionId, page, size }),
    placeholderData: keepPreviousData,
  })
  return (
    <QueryPanel query={charges} what="the charges" skeleton={<TableSkeleton rows={8} />}>
      {({ rows, total }) => (
        <>
          <ActionLine sx={{ mb: 0.5, fontSize: '0.8125rem', gap: 2 }}>
            <span role="status">{counted(total, 'image')} charged</span>
            <NavLink to={paths.billing({ ...(subscriptionId !== undefined && { subscriptionId }) })}>
              {copy.allMonths}
            </NavLink>
            {total > 0 && (
              <span>
                Export <ExportLinks month={month} subscriptionId={subscriptionId} of={monthText(month)} />
              </span>
            )}
          </ActionLine>
          {total === 0 ? (
            <Notice title={copy.noCharges}>
              <OnlyInScope />
            </Notice>
          ) : (
            <DataTable
              caption={`Charges of ${monthText(month)}`}
              columns={columns}
              rows={rows}
              rowKey={row => row.id}
              busy={charges.isPlaceholderData}
            />
          )}
          <Paging
            page={page}
            size={size}
            total={total}
            onPage={each => setParams(withPage(params, each))}
            onSize={each => setParams(withSize(params, each))}
          />
        </>
      )}
    </QueryPanel>
  )
}

const columns: readonly Column<Charge>[] = [
  {
    id: 'image',
    header: 'Repository',
    cell: row =>
      row.present ? (
        <NavLink to={paths.image(row)} data-row-link="">
          {row.repository}
        </NavLink>
      ) : (
        <>
          {row.repository} <Muted>no longer known</Muted>
        </>
      ),
  },
  { id: 'digest', header: 'Digest', cell: row => <Digest digest={row.digest} /> },
  { id: 'platform', header: 'Platform', cell: row => row.platform && <Code>{row.platform}</Code> },
  { id: 'registry', header: 'Registry', cell: row => row.registryName },
  { id: 'subscription', header: 'Subscription', cell: row => row.subscriptionName },
  { id: 'at', header: 'Charged', cell: row => <When at={row.chargedAt} /> },
  {
    id: 'price',
    header: 'Price',
    align: 'right',
    cell: row => (row.price === null ? <Muted>None set</Muted> : priceText(row.price)),
  },
]
