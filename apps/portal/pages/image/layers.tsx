import type { Layer } from '@plimsoll/types'
import { bytes } from '../../lib/quantity.ts'
import { Code, Digest } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Muted } from '../../ui/page.tsx'

type NumberedLayer = Layer & { readonly number: number }

/** The layers from the bottom up, with the instruction that made each where the image's history says. */
export function Layers({ layers }: { layers: readonly Layer[] }) {
  if (layers.length === 0) return <Muted>Its layers are not known.</Muted>
  const numbered = layers.map((layer, index) => ({ ...layer, number: index + 1 }))
  return (
    <DataTable caption="Layers" columns={columns} rows={numbered} rowKey={layer => String(layer.number)} />
  )
}

const columns: readonly Column<NumberedLayer>[] = [
  { id: 'number', header: 'No.', align: 'right', width: 48, cell: layer => layer.number },
  {
    id: 'instruction',
    header: 'Made by',
    cell: layer =>
      layer.createdBy === undefined ? (
        <Muted>The history does not say</Muted>
      ) : (
        <Code>{layer.createdBy}</Code>
      ),
  },
  { id: 'digest', header: 'Digest', cell: layer => <Digest digest={layer.digest} /> },
  { id: 'diff', header: 'Content', cell: layer => <Digest digest={layer.diffId} /> },
  {
    id: 'type',
    header: 'Type',
    cell: layer => <Muted>{layer.mediaType.replace(/^application\/vnd\./, '')}</Muted>,
  },
  { id: 'size', header: 'Size', align: 'right', cell: layer => bytes(layer.sizeBytes) },
]
