import { writeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { CoverageReason } from '@plimsoll/types'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { type Evidence, findEvidence, wantsFile } from '../inventory/databases.ts'
import { type PackageBatch, takeInventory } from '../inventory/take-inventory.ts'
import { printable, readable } from '../layers/entry-path.ts'
import { CorruptLayer } from '../layers/inflate.ts'
import { LimitHit, outOfTime } from '../layers/limits.ts'
import { type FileNode, type Overlay, overlay } from '../layers/overlay.ts'
import { applyLayer, type Budget, type LayerBytes, newBudget, readAgain } from '../layers/read-layer.ts'
import { type Frame, messageFrame, ProtocolError, readFrames } from './frames.ts'
import type { Answer, LayerExpected, Request } from './messages.ts'

/** What the parent says is small; it is trusted, but a bound costs nothing. */
const maxRequestBytes = 4 * 1024 * 1024
/** Paths that links lead to; a real system has a handful. An answer has to hold them. */
const maxAlsoWanted = 1000
const maxAlsoWantedCharacters = 100_000
const maxReasons = 100
const maxReasonLength = 1000

/** The two directions of the pipe to the parent. */
export interface Line {
  readonly input: Readable
  readonly output: { write(bytes: Uint8Array): unknown }
}

/**
 * Written synchronously, not through `process.stdout`, which would hoard what the parent has not read yet; so the
 * parent's pace is kept, and nothing is left unsaid when the process ends.
 */
const standardOutput = {
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at)
  },
}

/**
 * The child's side of `readInventory`: reads layers from the line, and answers on it. In the child that is standard
 * input and output, of a process that may do nothing else. Ends when the answer is given or the parent hangs up.
 */
export async function answerParent(
  ecosystems: readonly Ecosystem[],
  { input, output }: Line = { input: process.stdin, output: standardOutput },
): Promise<void> {
  const requests = readFrames(input, maxRequestBytes)
  const answer = (message: Answer): void => void output.write(messageFrame(message))
  const start = await nextRequest(requests, 'start')
  const timer = new AbortController()
  const budget = newBudget(start.limits, timer.signal)
  const timeout = setTimeout(() => {
    timer.abort()
    input.destroy(outOfTime(start.limits)) // Ends the wait for bytes that do not come.
  }, start.limits.timeoutMs)

  const reading: Reading = { requests, answer, layers: start.layers, ecosystems, budget, tree: overlay() }
  try {
    const evidence = await readLayers(reading)
    answerInventory(reading, evidence, null)
  } catch (cause) {
    if (cause instanceof LimitHit) {
      answerInventory(reading, findEvidence(reading.tree.root, ecosystems), cause)
    } else if (cause instanceof CorruptLayerAt) {
      answer({ kind: 'corrupt', layer: cause.layer, message: cause.message })
    } else throw cause
  } finally {
    clearTimeout(timeout)
    input.destroy()
  }
}

interface Reading {
  readonly requests: AsyncIterator<Frame>
  readonly answer: (message: Answer) => void
  readonly layers: readonly LayerExpected[]
  readonly ecosystems: readonly Ecosystem[]
  readonly budget: Budget
  tree: Overlay
}

class CorruptLayerAt extends Error {
  readonly layer: number

  constructor(layer: number, cause: CorruptLayer) {
    super(cause.message, { cause })
    this.layer = layer
  }
}

async function readLayers(reading: Reading): Promise<Evidence> {
  const { ecosystems, layers } = reading
  const wants = wantsFile(ecosystems)
  await applyLayers(reading, wants)
  const evidence = findEvidence(reading.tree.root, ecosystems)

  // A database may be a link to a file that nobody knew to be one when its layer went by.
  if (layers.every(layer => layer.diffId !== null)) {
    await readFilesAgain(reading, evidence)
    return evidence
  }
  const unread = unreadFiles(evidence).length > 0
  if (!unread && evidence.missing.length === 0) return evidence
  return applyAgain(reading, evidence, wants)
}

async function applyLayers(reading: Reading, wants: (path: string) => boolean): Promise<void> {
  const { requests, tree, layers, budget } = reading
  for (;;) {
    const request = await nextRequest(requests, 'layer', 'finish')
    if (request.kind === 'finish') return
    const bytes = layerBytes(requests, layers, request.index)
    await locate(request.index, applyLayer(tree, request.index, bytes, wants, budget))
  }
}

/** Image layers are the same bytes every time, so a file is known by its layer and its place there. */
async function readFilesAgain(reading: Reading, evidence: Evidence): Promise<void> {
  const { requests, layers, budget } = reading
  const byLayer = Map.groupBy(unreadFiles(evidence), file => file.contentLayer)
  if (byLayer.size === 0) return
  startOver(budget)
  budget.keptBytes = keptFiles(evidence).reduce((sum, file) => sum + (file.content?.length ?? 0), 0)
  reading.answer({ kind: 'again', layers: [...byLayer.keys()], alsoWanted: [] })
  for (;;) {
    const request = await nextRequest(requests, 'layer', 'finish')
    if (request.kind === 'finish') return
    const files = byLayer.get(request.index) ?? []
    await locate(request.index, readAgain(layerBytes(requests, layers, request.index), files, budget))
  }
}

/** A root file system's archive is made anew, with the files named here in it, so everything is read anew. */
async function applyAgain(
  reading: Reading,
  evidence: Evidence,
  wants: (path: string) => boolean,
): Promise<Evidence> {
  const linked = evidence.databases.map(database => database.storedPath)
  let characters = 0
  const alsoWanted = [...new Set([...linked, ...evidence.missing])]
    .filter(path => path.length <= reading.budget.limits.maxPathBytes)
    .slice(0, maxAlsoWanted)
    .filter(path => (characters += path.length) <= maxAlsoWantedCharacters)
  reading.answer({ kind: 'again', layers: reading.layers.map((_, index) => index), alsoWanted })
  reading.tree = overlay()
  startOver(reading.budget)
  const also = new Set(alsoWanted.map(readable))
  await applyLayers(reading, path => also.has(path) || wants(path))
  return findEvidence(reading.tree.root, reading.ecosystems)
}

/** What was read once may be read twice; only time goes on. */
function startOver(budget: Budget): void {
  budget.inflatedBytes = 0
  budget.entries = 0
  budget.keptBytes = 0
}

const keptFiles = (evidence: Evidence): FileNode[] => [
  ...evidence.databases.map(database => database.file),
  ...evidence.distroFiles.values(),
]

const unreadFiles = (evidence: Evidence): FileNode[] =>
  keptFiles(evidence).filter(file => file.content === null && file.lack === null)

async function locate(layer: number, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (cause) {
    throw cause instanceof CorruptLayer ? new CorruptLayerAt(layer, cause) : cause
  }
}

function layerBytes(
  requests: AsyncIterator<Frame>,
  layers: readonly LayerExpected[],
  index: number,
): LayerBytes {
  const layer = layers[index]
  if (layer === undefined) throw new ProtocolError(`there is no layer ${index}`)
  return { chunks: dataUntilEnd(requests), diffId: layer.diffId }
}

async function* dataUntilEnd(requests: AsyncIterator<Frame>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { value: frame, done } = await requests.next()
    if (done) throw new ProtocolError('the parent hung up')
    if (frame.kind === 'data') yield frame.chunk
    else if ((frame.message as Request).kind === 'end') return
    else throw new ProtocolError('a layer has no end')
  }
}

/** The next message, which has to be of one of these kinds. */
async function nextRequest<Kind extends Request['kind']>(
  requests: AsyncIterator<Frame>,
  ...kinds: Kind[]
): Promise<Extract<Request, { kind: Kind }>> {
  const { value: frame, done } = await requests.next()
  if (done) throw new ProtocolError('the parent hung up')
  const request = frame.kind === 'message' ? (frame.message as Request) : null
  if (request === null || !kinds.some(kind => kind === request.kind)) {
    throw new ProtocolError(`expected ${kinds.join(' or ')}`)
  }
  return request as Extract<Request, { kind: Kind }>
}

function answerInventory(reading: Reading, evidence: Evidence, limit: LimitHit | null): void {
  const { budget, ecosystems, answer } = reading
  const { maxPackages } = budget.limits
  const emit = (batch: PackageBatch): void => answer({ kind: 'packages', ...batch })
  const taken = takeInventory(evidence, ecosystems, maxPackages, emit)
  const reasons = [...(limit === null ? [] : [limit.reason]), ...budget.reasons.values(), ...taken.reasons]
  answer({ kind: 'inventory', ...taken, reasons: bounded(reasons) })
}

/** Hostile images can have any number of things wrong with them; people read the first few. */
function bounded(reasons: readonly CoverageReason[]): CoverageReason[] {
  const shown = reasons
    .slice(0, maxReasons)
    .map(({ code, message }) => ({ code, message: printable(message.slice(0, maxReasonLength)) }))
  const more = reasons.length - shown.length
  const last = reasons.at(-1)
  if (more > 0 && last) shown.push({ code: last.code, message: `${more} more could not be read.` })
  return shown
}
