import type { ImageDetail, InstalledPackage } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useAddressParams } from '../../app/address-params.ts'
import { trpc } from '../../app/trpc.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { middleShortened, shortDigest } from '../../lib/digest.ts'
import { ecosystemName } from '../../lib/names.ts'
import { readPage, withPage, withSize } from '../../lib/page-params.ts'
import { count, counted } from '../../lib/quantity.ts'
import { withParam } from '../../lib/search-params.ts'
import { Code, ShortCode } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { Pill } from '../../ui/pill.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Toolbar } from '../../ui/toolbar.ts'
import { ShortLayerName } from './layer-name.tsx'

type PackageRow = InstalledPackage & { readonly findings: number }

/** The packages that the image's databases say are installed. */
export function Packages({ image }: { image: ImageDetail }) {
  const { registryId, repository, digest, layers } = image
  const [params, setParams] = useAddressParams()
  const q = params.get('q')?.slice(0, 200) || undefined
  // A layer that this image does not have means nothing here.
  const at = layers.findIndex(each => each.diffId === params.get('layer'))
  const layer = layers[at]?.diffId
  const { page, size } = readPage(params)
  const packages = useQuery({
    ...trpc.images.packages.queryOptions({ registryId, repository, digest, q, layer, page, size }),
    placeholderData: keepPreviousData,
  })
  const go = (next: URLSearchParams, replace = false) =>
    setParams(next, { replace, preventScrollReset: true })
  const filter = (name: string, value: string | null, replace = false) =>
    go(withPage(withParam(params, name, value), 1), replace)
  const columns = useMemo(() => columnsOf(image), [image])
  return (
    <>
      <Toolbar>
        <SearchField
          label="Search packages"
          value={q ?? ''}
          onChange={(text, complete) => filter('q', text.trim(), !complete)}
        />
        {layer !== undefined && (
          <Pill
            label="Layer"
            value={layers[at]?.createdBy === undefined ? shortDigest(layer) : String(at + 1)}
            onClear={() => filter('layer', null)}
          />
        )}
        <span role="status">{packages.data && counted(packages.data.total, 'package')}</span>
      </Toolbar>
      <QueryPanel query={packages} what="the packages" skeleton={<TableSkeleton rows={12} />}>
        {({ rows, total }) => (
          <>
            {total === 0 ? (
              <Muted>
                {q === undefined && layer === undefined
                  ? 'No package was found in this image.'
                  : 'No package matches this search.'}
              </Muted>
            ) : (
              <DataTable
                caption="Packages"
                columns={columns.filter(({ id }) => optional[id]?.(rows, image) ?? true)}
                rows={rows}
                rowKey={row =>
                  [row.ecosystem, row.name, row.version, row.arch, row.path, row.layer, row.module].join(' ')
                }
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

/** Columns that are left out where no row has anything to say in them. */
const optional: Readonly<Record<string, (rows: readonly PackageRow[], image: ImageDetail) => boolean>> = {
  module: rows => rows.some(row => row.module !== null),
  // Who built a package matters where somebody else than the distribution built some.
  vendor: (rows, { coverageLedger }) =>
    rows.some(row => row.vendor !== '') &&
    coverageLedger.reasons.some(reason => reason.code === 'third-party-packages'),
  // Of a single database the ledger says enough.
  path: rows => rows.some(row => row.path !== rows[0]?.path),
}

const columnsOf = (image: ImageDetail): readonly Column<PackageRow>[] => [
  {
    id: 'name',
    header: 'Package',
    cell: row => (
      <NavLink
        to={findingsPath({ package: row.name })}
        everywhere
        title={`Findings of ${row.name} in all images`}
      >
        {row.name}
      </NavLink>
    ),
  },
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
  { id: 'arch', header: 'Architecture', cell: row => row.arch },
  { id: 'module', header: 'Module', cell: row => row.module !== null && <Code>{row.module}</Code> },
  {
    id: 'vendor',
    header: 'Built by',
    cell: row => <span title={row.vendor}>{middleShortened(row.vendor, 28)}</span>,
  },
  {
    id: 'path',
    header: 'Found in',
    cell: row => (
      <span title={`${ecosystemName(row.ecosystem)} database`}>
        <ShortCode text={`/${row.path}`} maxLength={26} />
      </span>
    ),
  },
  { id: 'layer', header: 'Layer', cell: row => <ShortLayerName layers={image.layers} diffId={row.layer} /> },
  {
    id: 'findings',
    header: 'Open findings',
    align: 'right',
    cell: row => <Findings image={image} row={row} />,
  },
]

function Findings({ image, row }: { image: ImageDetail; row: PackageRow }) {
  const { registryId, repository, digest } = image
  if (row.findings === 0) return <Muted>0</Muted>
  return (
    <NavLink to={findingsPath({ registryId, repository, digest, package: row.name })}>
      {count(row.findings)}
    </NavLink>
  )
}

const Source = ({ row }: { row: InstalledPackage }) => (
  <span>
    {row.sourceName}
    {row.sourceVersion !== row.version && (
      <>
        {' '}
        <Code>{row.sourceVersion}</Code>
      </>
    )}
  </span>
)
