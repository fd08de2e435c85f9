import type { CoverageReason, DatabaseRead, Digest, Distro, InstalledPackage } from '@plimsoll/types'
import { printable } from '../layers/entry-path.ts'
import type { ResolvedImage } from '../registry/source.ts'
import { SourceError } from '../registry/source-error.ts'
import { ProtocolError } from './frames.ts'
import type { Answer, LayerExpected } from './messages.ts'
import type { ReadInventoryInput } from './read-inventory.ts'
import type { Child, Exit } from './start-child.ts'

/** What the child told in the end. */
export type Told =
  | {
      readonly kind: 'inventory'
      readonly distro: Distro | null
      readonly databases: DatabaseRead[]
      readonly packages: InstalledPackage[]
      readonly reasons: readonly CoverageReason[]
    }
  | { readonly kind: 'out-of-memory'; readonly reason: CoverageReason }

/** An answer after which it is the parent's turn. */
type Turn = Exclude<Answer, { kind: 'packages' }>

/** The two ends between which bytes go one way and answers the other. */
interface Exchange {
  readonly input: ReadInventoryInput
  readonly child: Child
  readonly turns: AsyncIterator<Turn>
  readonly halt: AbortSignal
}

interface Round {
  readonly layers: readonly number[]
  readonly alsoWanted: readonly string[]
}

/**
 * Feeds the layers to the child and listens to it: it may stop the feeding at any time, and may ask once for some
 * layers again.
 *
 * @param halt aborted to break off, when the caller has stopped the child
 * @throws SourceError
 */
export async function converse(input: ReadInventoryInput, child: Child, halt: AbortSignal): Promise<Told> {
  const { image, limits } = input
  const layers = streamsOf(image)
  const packages: InstalledPackage[] = []
  const exchange: Exchange = { input, child, turns: listen(child, input, packages), halt }
  try {
    await child.send({ kind: 'start', layers, limits })
    const all = layers.flatMap((_, index) => (image.layers[index]?.foreign ? [] : [index]))
    let turn = await feed({ layers: all, alsoWanted: [] }, exchange, progressOf(input))
    if (turn?.kind === 'again') turn = await feed(askedAgain(turn, all), exchange, null)
    if (turn === null) return died(await child.exited, limits.maxHeapMb)
    if (turn.kind === 'corrupt') throw corruptLayer(image, turn)
    if (turn.kind === 'again') throw new ProtocolError('layers were asked for a third time')
    const databases = turn.databases.map(one => ({ ...one, layer: diffIdOf(image, one.layer) }))
    return { ...turn, databases, packages }
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    const { complaint } = await child.stop()
    throw sandboxFailed(`it broke the protocol: ${cause.message}`, complaint, cause)
  }
}

/** A root file system is one stream, and has no digest to hold it to. */
const streamsOf = (image: ResolvedImage): LayerExpected[] =>
  image.isRootfs ? [{ diffId: null }] : image.layers.map(({ diffId }) => ({ diffId }))

/** @throws ProtocolError when there is no such layer */
function diffIdOf(image: ResolvedImage, layer: number): Digest | null {
  const streams = image.isRootfs ? 1 : image.layers.length
  if (layer >= streams) throw new ProtocolError('something is from a layer that there is not')
  return image.layers[layer]?.diffId ?? null
}

function askedAgain({ layers, alsoWanted }: Round, known: readonly number[]): Round {
  if (layers.every(index => known.includes(index))) return { layers, alsoWanted }
  throw new ProtocolError('a layer was asked for that there is not')
}

/** Collects packages as they come; what is yielded is for the feeding to act upon. */
async function* listen(
  child: Child,
  { image, limits }: ReadInventoryInput,
  packages: InstalledPackage[],
): AsyncGenerator<Turn> {
  for await (const answer of child.answers) {
    if (answer.kind !== 'packages') {
      yield answer
      continue
    }
    const { ecosystem, path } = answer
    if (packages.length + answer.packages.length > limits.maxPackages)
      throw new ProtocolError('there are more packages than it may give')
    for (const { layer, ...record } of answer.packages) {
      packages.push({ ecosystem, ...record, path, layer: diffIdOf(image, layer) })
    }
  }
}

/** Sends the layers of one round, and returns what the child says to them; null when it ended without a word. */
async function feed(
  round: Round,
  { input, child, turns, halt }: Exchange,
  progress: Progress | null,
): Promise<Turn | null> {
  const heard = new AbortController()
  let turn: Turn | null = null
  let fed = -1
  const hearing = (async () => {
    try {
      const { value, done } = await turns.next()
      turn = done ? null : value
    } finally {
      // A corrupt layer is read to its end nevertheless: when its digest is wrong, that is the better explanation.
      if (turn?.kind !== 'corrupt' || turn.layer !== fed) heard.abort()
    }
  })()
  hearing.catch(() => undefined) // It is awaited below, unless the source fails first.

  const stop = AbortSignal.any([halt, heard.signal])
  try {
    for (const index of round.layers) {
      fed = index
      await child.send({ kind: 'layer', index })
      const stored = input.openLayer(index, stop, { alsoWanted: round.alsoWanted })
      for await (const chunk of untilAborted(stored, stop)) {
        if (turn === null) await child.sendData(chunk)
        progress?.bytes(chunk.length)
      }
      if (turn !== null) break
      await child.send({ kind: 'end' })
      progress?.layer()
    }
    await child.send({ kind: 'finish' })
  } catch (cause) {
    if (!heard.signal.aborted) throw cause
  }
  await hearing
  return turn
}

/** The same bytes, given up as soon as the signal says so, even by a source that is slow to listen to it. */
async function* untilAborted(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      const { value, done } = await nextUnlessAborted(chunks, signal)
      ended = done === true
      if (ended) return
      yield value as Uint8Array
    }
  } finally {
    if (!ended) chunks.return?.().catch(() => undefined)
  }
}

function nextUnlessAborted<T>(chunks: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T>> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    const settle = (done: () => void): void => {
      signal.removeEventListener('abort', onAbort)
      done()
    }
    chunks.next().then(
      result => settle(() => resolve(result)),
      cause => settle(() => reject(cause)),
    )
  })
}

interface Progress {
  bytes(count: number): void
  layer(): void
}

function progressOf({ image, onProgress }: ReadInventoryInput): Progress {
  let bytesDone = 0
  let layersDone = image.layers.filter(layer => layer.foreign).length
  const layersTotal = streamsOf(image).length
  const report = (): void => onProgress?.({ layersDone, layersTotal, bytesDone, bytesTotal: image.sizeBytes })
  return {
    bytes(count) {
      bytesDone += count
      report()
    },
    layer() {
      layersDone += 1
      report()
    },
  }
}

function corruptLayer(
  image: ResolvedImage,
  { layer, message }: Extract<Turn, { kind: 'corrupt' }>,
): SourceError {
  const known = image.layers[layer]
  const name =
    known === undefined ? 'The file system' : `Layer ${layer + 1} of ${image.layers.length} (${known.digest})`
  return new SourceError('layer-corrupt', `${name} cannot be read: ${message}.`, {
    hint: 'Build and push the image again; it does not unpack as it is.',
  })
}

function died(exit: Exit, maxHeapMb: number): Told {
  if (/out of memory|allocation failed|failed to allocate/i.test(exit.complaint)) {
    const message = `Reading the layers took more memory than it may (a heap of ${maxHeapMb} MB), so nothing is known.`
    return { kind: 'out-of-memory', reason: { code: 'limit-memory', message } }
  }
  throw sandboxFailed(howItEnded(exit), exit.complaint)
}

function howItEnded({ code, signal, endless }: Exit): string {
  if (endless) return 'it complained without end'
  if (signal !== null) return `it was ended by ${signal}`
  return code === null ? 'it could not be started' : `it ended with exit code ${code}`
}

function sandboxFailed(how: string, complaint: string, cause?: unknown): SourceError {
  const lines = complaint.trim().split('\n')
  const said = printable((lines.find(line => /error/i.test(line)) ?? lines.at(-1) ?? '').trim()).slice(0, 300)
  return new SourceError(
    'sandbox-failed',
    `The process that reads layers failed: ${how}.${said && ` It said: ${said}`}`,
    {
      hint: 'Scan the image again; when it fails every time, please report it with this message.',
      cause: cause ?? new Error(complaint),
    },
  )
}
