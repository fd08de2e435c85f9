import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { contentsOf, type Evidence, filesOf, findEvidence, wantsFile } from '../inventory/databases.ts'
import { type NestedRoots, nestedRoots } from '../inventory/nested-roots.ts'
import { type PackageHistory, packageHistory } from '../inventory/package-history.ts'
import { readable } from '../layers/entry-path.ts'
import { CorruptLayer } from '../layers/inflate.ts'
import { type FileNode, type Overlay, overlay } from '../layers/overlay.ts'
import { applyLayer, type Budget, giveUp, readAgain } from '../layers/read-layer.ts'
import type { Frame } from './frames.ts'
import type { Answer, LayerExpected } from './messages.ts'
import { layerBytes, nextRequest } from './requests.ts'

/** Paths that links lead to; a real system has a handful. An answer has to hold them. */
const maxAlsoWanted = 1000
const maxAlsoWantedCharacters = 100_000

/** What the child knows while it reads. */
export interface Reading extends Task {
  tree: Overlay
  history: PackageHistory
  readonly nested: NestedRoots
  /** The layer that is being read, or was read last. */
  layer: number
}

interface Task {
  readonly requests: AsyncIterator<Frame>
  readonly answer: (message: Answer) => void
  readonly layers: readonly LayerExpected[]
  readonly ecosystems: readonly Ecosystem[]
  readonly budget: Budget
}

export const newReading = (task: Task): Reading => ({
  ...task,
  tree: overlay(),
  history: newHistory(task),
  nested: nestedRoots(task.ecosystems),
  layer: 0,
})

const newHistory = ({ ecosystems, budget }: Task): PackageHistory =>
  packageHistory(ecosystems, budget.limits, content => giveUp(content, budget))

export class CorruptLayerAt extends Error {
  readonly layer: number

  constructor(layer: number, cause: CorruptLayer) {
    super(cause.message, { cause })
    this.layer = layer
  }
}

/**
 * Reads the layers as the parent sends them, some of them twice where that is needed, and finds what of the merged
 * file system an inventory is made of.
 *
 * @throws CorruptLayerAt, LimitHit, ProtocolError
 */
export async function readLayers(reading: Reading): Promise<Evidence> {
  const { ecosystems, layers, nested } = reading
  const isWanted = wantsFile(ecosystems)
  const wants = (path: string): boolean => {
    if (!isWanted(path)) return false
    nested.note(path)
    return true
  }
  await applyLayers(reading, wants)
  const evidence = findEvidence(reading.tree.root, ecosystems)

  // A database may be a link to a file that nobody knew to be one when its layer went by.
  if (layers.every(layer => layer.diffId !== null)) {
    await readFilesAgain(reading, evidence)
    return evidence
  }
  if (unreadFiles(evidence).length === 0 && evidence.missing.length === 0) return evidence
  return applyAgain(reading, evidence, wants)
}

async function applyLayers(reading: Reading, wants: (path: string) => boolean): Promise<void> {
  const { requests, tree, history, layers, budget, ecosystems } = reading
  const look = (): Evidence => findEvidence(tree.root, ecosystems)
  for (;;) {
    const request = await nextRequest(requests, 'layer', 'finish')
    if (request.kind === 'finish') return
    reading.layer = request.index
    // Once in a layer: it is of use only where this layer replaced what an earlier one had.
    budget.makeRoom = () => {
      budget.makeRoom = () => undefined
      history.settle(look)
    }
    const bytes = layerBytes(requests, layers, request.index)
    await locate(request.index, applyLayer(tree, request.index, bytes, wants, budget))
    history.observe(request.index, look)
  }
}

/** Image layers are the same bytes every time, so a file is known by its layer and its place there. */
async function readFilesAgain(reading: Reading, evidence: Evidence): Promise<void> {
  const { requests, layers, budget } = reading
  const byLayer = Map.groupBy(unreadFiles(evidence), file => file.contentLayer)
  if (byLayer.size === 0) return
  startOver(budget)
  for (const { bytes } of contentsOf(evidence)) budget.keptBytes += bytes?.length ?? 0
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
  const linked = [...evidence.databases.map(database => database.storedPath)]
  let characters = 0
  const alsoWanted = [...new Set([...linked, ...evidence.missing])]
    .filter(path => path.length <= reading.budget.limits.maxPathBytes)
    .slice(0, maxAlsoWanted)
    .filter(path => (characters += path.length) <= maxAlsoWantedCharacters)
  reading.answer({ kind: 'again', layers: reading.layers.map((_, index) => index), alsoWanted })
  reading.tree = overlay()
  reading.history = newHistory(reading)
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
  budget.makeRoom = () => undefined
}

/** Files whose content is not in memory, though nothing speaks against it. */
const unreadFiles = (evidence: Evidence): FileNode[] => [
  ...new Set([...filesOf(evidence)].filter(file => !file.content?.bytes && file.lack === null)),
]

async function locate(layer: number, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (cause) {
    throw cause instanceof CorruptLayer ? new CorruptLayerAt(layer, cause) : cause
  }
}
