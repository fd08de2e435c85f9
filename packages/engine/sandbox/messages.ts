import type { Digest } from '@plimsoll/types'
import type { PackageBatch, Taken } from '../inventory/take-inventory.ts'
import type { Limits } from '../layers/limits.ts'

/**
 * What the parent process and the child that reads layers say to each other. The parent sends `start`, and for each
 * layer `layer`, its bytes and `end`, then `finish`; the child may ask `again` for some layers, which come in the
 * same way, and ends with `inventory` or `corrupt`. It may do that at any time: when a limit is hit, say.
 */
export type Request =
  | { readonly kind: 'start'; readonly layers: readonly LayerExpected[]; readonly limits: Limits }
  | { readonly kind: 'layer'; readonly index: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'finish' }

export interface LayerExpected {
  /** Null for a root file system, whose archive is made while it is read. */
  readonly diffId: Digest | null
}

export type Answer =
  | {
      readonly kind: 'again'
      readonly layers: readonly number[]
      /** Paths that a root file system's source has to include besides; see `OpenLayerOptions.alsoWanted`. */
      readonly alsoWanted: readonly string[]
    }
  | ({ readonly kind: 'packages' } & PackageBatch)
  | ({ readonly kind: 'inventory' } & Taken)
  | { readonly kind: 'corrupt'; readonly layer: number; readonly message: string }
