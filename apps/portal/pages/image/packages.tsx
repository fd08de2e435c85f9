import { styled } from '@mui/material/styles'
import type { InstalledPackage } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { trpc } from '../../app/trpc.ts'
import { readPage, withPage, withSize } from '../../lib/page-params.ts'
import { counted } from '../../lib/quantity.ts'
import { withParam } from '../../lib/search-params.ts'
import { Code, Digest, ShortCode } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Muted } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'

const Toolbar = styled('div')({
  display: 'flex',
  alignItems: 'center',
  gap: 16,
  paddingBlock: 8,
  fontSize: '0.8125rem',
})

export interface Occurrence {
  readonly registryId: string
  readonly repository: string
  readonly digest: string
}

/** The packages that the image's databases say are installed. */
export function Packages({ occurrence }: { occurrence: Occurrence }) {
  const [params, setParams] = useSearchParams()
  const q = params.get('q')?.slice(0, 200) || undefined
  const { page, size } = readPage(params)
  const packages = useQuery({
    ...trpc.images.packages.queryOptions({ ...occurrence, q, page, size }),
    placeholderData: keepPreviousData,
  })
  const go = (next: URLSearchParams, replace = false) =>
    setParams(next, { replace, preventScrollReset: true })
  return (
    <>
      <Toolbar>
        <SearchField
          label="Search packages"
          value={q ?? ''}
          onChange={(text, complete) => go(withPage(withParam(params, 'q', text.trim()), 1), !complete)}
        />
        <span role="status">{packages.data && counted(packages.data.total, 'package')}</span>
      </Toolbar>
      <QueryPanel query={packages} what="the packages" skeleton={<TableSkeleton rows={12} />}>
        {({ rows, total }) => (
          <>
            {total === 0 ? (
              <Muted>
                {q === undefined ? 'No package was found in this image.' : 'No package matches this search.'}
              </Muted>
            ) : (
              <DataTable
                caption="Packages"
                columns={columns}
                rows={rows}
                rowKey={row => `${row.ecosystem} ${row.name} ${row.version} ${row.arch} ${row.path}`}
                busy={packages.isPlaceholderData}
              />
            )}
            <Paging
              page={page}
              size={size}
              total={total}
              onPage={each => go(withPage(params, each))}
              onSize={each => go(withSize(params, each))}
            />
          </>
        )}
      </QueryPanel>
    </>
  )
}

const columns: readonly Column<InstalledPackage>[] = [
  { id: 'name', header: 'Package', cell: row => row.name },
  { id: 'version', header: 'Version', cell: row => <Code>{row.version}</Code> },
  {
    id: 'source',
    header: 'Source',
    cell: row =>
      row.sourceName === row.name && row.sourceVersion === row.version ? (
        <Muted>the same</Muted>
      ) : (
        <Source row={row} />
      ),
  },
  { id: 'ecosystem', header: 'Type', cell: row => row.ecosystem },
  { id: 'arch', header: 'Architecture', cell: row => row.arch },
  { id: 'path', header: 'Found in', cell: row => <ShortCode text={`/${row.path}`} maxLength={32} /> },
  {
    id: 'layer',
    header: 'Layer',
    cell: row => (row.layer === null ? <Muted>–</Muted> : <Digest digest={row.layer} />),
  },
]

const Source = ({ row }: { row: InstalledPackage }) => (
  <>
    {row.sourceName}
    {row.sourceVersion !== row.version && (
      <>
        {' '}
        <Code>{row.sourceVersion}</Code>
      </>
    )}
  </>
)
