import type { ImageDetail } from '@plimsoll/types'
import { useMemo } from 'react'
import { useSearchParams } from 'react-router-dom'
import { bytes, count } from '../../lib/quantity.ts'
import { Badge } from '../../ui/badge.tsx'
import { Digest } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Instruction } from '../../ui/instruction.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { copy } from './copy.ts'
import { tabSearch } from './tab-search.ts'

type NumberedLayer = ImageDetail['layers'][number] & { readonly number: number }

/** The layers from the bottom up: what made each, what it brought, and which of them are the base image's. */
export function Layers({ image }: { image: ImageDetail }) {
  const { layers, baseImage } = image
  const read = image.coverage === 'complete' || image.coverage === 'partial'
  const columns = useMemo(
    () => [
      ...(baseImage === null ? columnsOf : [number, instruction, origin, ...columnsOf.slice(2)]),
      ...(read ? [packages, findings] : []),
    ],
    [baseImage, read],
  )
  if (layers.length === 0) return <Muted>Its layers are not known.</Muted>
  const numbered = layers.map((layer, index) => ({ ...layer, number: index + 1 }))
  return (
    <>
      {baseImage === null && read && (
        <p style={{ margin: '4px 0 8px', fontSize: '0.8125rem' }}>
          <Muted>{copy.noBaseImage}</Muted>
        </p>
      )}
      <DataTable caption="Layers" columns={columns} rows={numbered} rowKey={layer => String(layer.number)} />
    </>
  )
}

const number: Column<NumberedLayer> = {
  id: 'number',
  header: 'No.',
  align: 'right',
  width: 48,
  cell: layer => layer.number,
}
const instruction: Column<NumberedLayer> = {
  id: 'instruction',
  header: 'Made by',
  cell: layer =>
    layer.createdBy === undefined ? (
      <Muted>The history does not say</Muted>
    ) : (
      <Instruction createdBy={layer.createdBy} />
    ),
}
const origin: Column<NumberedLayer> = {
  id: 'origin',
  header: 'Of',
  cell: layer => (layer.ofBase ? <Badge>Base image</Badge> : <Muted>This image</Muted>),
}
const packages: Column<NumberedLayer> = {
  id: 'packages',
  header: 'Packages',
  align: 'right',
  cell: layer => <ToRows layer={layer} tab="packages" total={layer.packages} />,
}
const findings: Column<NumberedLayer> = {
  id: 'findings',
  header: 'Open findings',
  align: 'right',
  cell: layer => <ToRows layer={layer} tab={null} total={layer.findings} />,
}
const columnsOf: readonly Column<NumberedLayer>[] = [
  number,
  instruction,
  { id: 'content', header: 'Content', cell: layer => <Digest digest={layer.diffId} /> },
  {
    id: 'size',
    header: 'Size',
    align: 'right',
    cell: layer => (
      <span title={layer.mediaType}>
        {bytes(layer.sizeBytes)}
        {layer.foreign && <Muted> (not in the registry)</Muted>}
      </span>
    ),
  },
]

/** A number of what the layer brought, leading to exactly those rows in another tab. */
function ToRows({ layer, tab, total }: { layer: NumberedLayer; tab: 'packages' | null; total: number }) {
  const [params] = useSearchParams()
  if (total === 0) return <Muted>0</Muted>
  const to = { search: tabSearch(params, tab, { layer: layer.diffId }) }
  return (
    <NavLink to={to} preventScrollReset>
      {count(total)}
    </NavLink>
  )
}
