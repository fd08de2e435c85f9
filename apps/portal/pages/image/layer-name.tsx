import type { ImageDetail } from '@plimsoll/types'
import { Digest } from '../../ui/code.tsx'
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
    <>
      {index + 1}
      {createdBy !== undefined && (
        <>
          {': '}
          <Instruction createdBy={createdBy} maxLength={56} />
        </>
      )}
    </>
  )
}
