import { createHash } from 'node:crypto'
import type { Layer } from '@plimsoll/types'

/**
 * The chain ids of an image's layers, bottom first: what names a stack of layers, so that an image whose whole stack
 * is the beginning of another's is found by an index. OCI image specification 1.1, "Layer ChainID": the first is the
 * layer's diffID, each further one the digest of the one before, a space and the layer's diffID.
 */
export function chainIdsOf(layers: readonly Pick<Layer, 'diffId'>[]): string[] {
  const chain: string[] = []
  for (const { diffId } of layers) {
    const parent = chain.at(-1)
    chain.push(parent === undefined ? diffId : sha256(`${parent} ${diffId}`))
  }
  return chain
}

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
