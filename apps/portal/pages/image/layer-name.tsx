import { styled } from '@mui/material/styles'
import type { ImageDetail } from '@plimsoll/types'
import { instructionText } from '../../lib/instruction.ts'
import { Code, Digest } from '../../ui/code.tsx'
import { Instruction } from '../../ui/instruction.tsx'
import { Muted } from '../../ui/page.tsx'

type Layers = ImageDetail['layers']

/** A layer by its number from the bottom, with its instruction; by its digest where the image has no such layer. */
export function LayerName({ layers, diffId }: { layers: Layers; diffId: string | null }) {
  if (diffId === null) return <Muted>–</Muted>
  const index = layers.findIndex(layer => layer.diffId === diffId)
  if (index < 0) return <Digest digest={diffId} />
  const createdBy = layers[index]?.createdBy
  return (
    <span>
      {index + 1}
      {createdBy !== undefined && (
        <>
          {': '}
          <Instruction createdBy={createdBy} maxLength={56} />
        </>
      )}
    </span>
  )
}

const shownLength = 40
const Line = styled('span')(({ theme }) => ({ [theme.breakpoints.up('sm')]: { whiteSpace: 'nowrap' } }))

/** The same in the room of a table's cell: the beginning of the instruction, the whole in the title. */
export function ShortLayerName({ layers, diffId }: { layers: Layers; diffId: string | null }) {
  const index = layers.findIndex(layer => layer.diffId === diffId)
  const createdBy = layers[index]?.createdBy
  if (createdBy === undefined) return <LayerName layers={layers} diffId={diffId} />
  const text = instructionText(createdBy).replaceAll(/\s+/g, ' ')
  return (
    <Line title={createdBy}>
      {index + 1}: <Code>{text.length > shownLength ? `${text.slice(0, shownLength - 1)}…` : text}</Code>
    </Line>
  )
}
