import type { CoverageReason, Inventory } from '@plimsoll/types'
import { killedAfterMs, type Limits, outOfTime } from '../layers/limits.ts'
import type { OpenLayerOptions, ResolvedImage } from '../registry/source.ts'
import { SourceError } from '../registry/source-error.ts'
import { converse, type Told } from './converse.ts'
import { childMain, startChild } from './start-child.ts'

/** How far the reading is. Bytes are of layers as stored; a second pass over a layer counts nothing anew. */
export interface ReadProgress {
  readonly layersDone: number
  readonly layersTotal: number
  readonly bytesDone: number
  readonly bytesTotal: number
}

export interface ReadInventoryInput {
  readonly image: ResolvedImage
  /** The stored bytes of a layer, verified; may be called more than once for the same layer. See `Source.openLayer`. */
  readonly openLayer: (
    index: number,
    signal: AbortSignal,
    options: OpenLayerOptions,
  ) => AsyncIterable<Uint8Array>
  readonly limits: Limits
  readonly signal: AbortSignal
  /** Called for every chunk: cheap things only. */
  readonly onProgress?: (progress: ReadProgress) => void
  /** Another program in place of the child's; for tests. */
  readonly childMain?: URL
}

/**
 * Reads an image's layers in a child process that may do nothing but that, and gives back what is installed.
 *
 * Coverage is `complete`, `partial` with its reasons (the image's own `reasons` among them), or `not-applicable`
 * when there is nothing an inventory could be made of. `feeds` is empty: that, and whether the distribution is one
 * there are advisories for, is for the matcher to say.
 *
 * @throws SourceError `layer-corrupt` when bytes make no sense or are not what the configuration promised,
 *   `sandbox-failed` when the child died, `cancelled`, and whatever `openLayer` throws
 */
export async function readInventory(input: ReadInventoryInput): Promise<Inventory> {
  const { image, limits, signal } = input
  throwIfCancelled(signal)
  const child = startChild(limits, input.childMain ?? childMain)
  const halt = new AbortController()
  const onAbort = (): void => halt.abort(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  halt.signal.addEventListener('abort', () => void child.stop(), { once: true })
  // The child keeps the time itself and answers with what it has; this is for one that no longer can.
  const timer = setTimeout(() => halt.abort(), killedAfterMs(limits))
  try {
    return inventoryOf(image, await converse(input, child, halt.signal))
  } catch (cause) {
    throwIfCancelled(signal)
    if (halt.signal.aborted) return nothingRead(image, outOfTime(limits).reason)
    throw cause
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    await child.stop()
  }
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new SourceError('cancelled', 'The scan was cancelled while layers were read.', {
      cause: signal.reason,
    })
  }
}

function inventoryOf(image: ResolvedImage, told: Told): Inventory {
  if (told.kind === 'out-of-memory') return nothingRead(image, told.reason)
  const packages: Record<string, number> = {}
  for (const { ecosystem } of told.databases) packages[ecosystem] = 0
  for (const { ecosystem } of told.packages) packages[ecosystem] = (packages[ecosystem] ?? 0) + 1
  const reasons = [...(image.reasons ?? []), ...told.reasons]
  const { distro, databases } = told
  const about = { packages, databases, ...unmatched }
  // Whatever an image has to show may be in a layer that cannot be had; without a trace of it nothing can be assessed.
  const isEmpty =
    distro === null && databases.length === 0 && reasons.every(({ code }) => code === 'foreign-layer')
  return {
    distro,
    packages: told.packages,
    coverage: isEmpty
      ? { status: 'not-applicable', reasons: reasons.length === 0 ? [nothingToRead] : reasons, ...about }
      : { status: reasons.length === 0 ? 'complete' : 'partial', reasons, ...about },
  }
}

/** What is for the matcher to say. */
const unmatched = { release: null, feeds: [] }

const nothingToRead: CoverageReason = {
  code: 'nothing-to-read',
  message:
    'The image holds neither a package database that is known here nor a file that names its distribution.',
}

const nothingRead = (image: ResolvedImage, reason: CoverageReason): Inventory => ({
  distro: null,
  packages: [],
  coverage: {
    status: 'partial',
    reasons: [...(image.reasons ?? []), reason],
    packages: {},
    databases: [],
    ...unmatched,
  },
})
