import { createHash } from 'node:crypto'
import type { Layer } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'

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

/** Works out the chain ids of images that were stored before chain ids were: once, at the first start after that. */
export function storeMissingChains(db: Db): void {
  inTransaction(db, () => {
    const without = prepared(db, `select id, layers from image where chain_id is null and layers <> '[]'`)
    const store = prepared(db, 'update image set chain_ids = ?, chain_id = ? where id = ?')
    for (const { id, layers } of without.all() as { id: number; layers: string }[]) {
      const chain = chainIdsOf(JSON.parse(layers) as Layer[])
      store.run(JSON.stringify(chain), chain.at(-1), id)
    }
  })
}

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
