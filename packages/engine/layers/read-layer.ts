import { createHash } from 'node:crypto'
import type { CoverageReason, Digest } from '@plimsoll/types'
import { CorruptTar } from '../formats/tar-header.ts'
import { type TarMember, tarReader, type VisitMember } from '../formats/tar-reader.ts'
import { entryPath, printable, readable } from './entry-path.ts'
import { CorruptLayer, inflate } from './inflate.ts'
import { bytesText, LimitHit, type Limits, outOfTime } from './limits.ts'
import type { Content, FileNode, Overlay } from './overlay.ts'

/** What reading an image has used up so far, held against its limits. */
export interface Budget {
  readonly limits: Limits
  /** Set when the time is over, by whoever keeps it. */
  readonly signal: AbortSignal
  inflatedBytes: number
  entries: number
  /**
   * Content in memory. It counts files that were replaced and not given up yet as well, so past `maxKeptBytes` a file
   * is only left out for now: a second pass fetches the ones that matter in the end.
   */
  keptBytes: number
  /** Gives up what is not needed any more, when there is no room for a file. */
  makeRoom: () => void
  /** Limits that cost a member each, not the whole rest; the first of a kind is enough to say it. */
  readonly reasons: Map<CoverageReason['code'], CoverageReason>
}

export const newBudget = (limits: Limits, signal: AbortSignal): Budget => ({
  limits,
  signal,
  inflatedBytes: 0,
  entries: 0,
  keptBytes: 0,
  makeRoom: () => undefined,
  reasons: new Map(),
})

/** Forgets what a file holds, under all its names. Should it matter after all, it has to be read again. */
export function giveUp(content: Content, budget: Budget): void {
  budget.keptBytes -= content.bytes?.length ?? 0
  content.bytes = null
}

/** A layer's stored bytes, and the digest its inflated ones must have; null for a root file system, which has none. */
export interface LayerBytes {
  readonly chunks: AsyncIterable<Uint8Array>
  readonly diffId: Digest | null
}

/**
 * Lays a layer over the ones below it, and keeps the content of the files that `wants` asks for by their path
 * (UTF-8, no leading slash).
 *
 * @throws CorruptLayer, LimitHit
 */
export async function applyLayer(
  tree: Overlay,
  index: number,
  layer: LayerBytes,
  wants: (path: string) => boolean,
  budget: Budget,
): Promise<void> {
  let entry = -1
  tree.beginLayer(index)
  await readMembers(layer, budget, member => {
    entry += 1
    if (isTooLong(member, budget)) return null
    const path = entryPath(member.path)
    const file = tree.apply(path, member, entry)
    checkTree(tree, budget.limits)
    if (file === null || !wants(readable(path))) return null
    return keep(file, member.sizeBytes, budget)
  })
}

/**
 * Reads a layer once more for the content of files that turned out to matter only when all layers were known.
 *
 * @param files those whose content stands in this layer
 * @throws CorruptLayer, LimitHit
 */
export async function readAgain(
  layer: LayerBytes,
  files: readonly FileNode[],
  budget: Budget,
): Promise<void> {
  const byEntry = Map.groupBy(files, file => file.contentEntry)
  let entry = -1
  await readMembers(layer, budget, member => {
    entry += 1
    const [file, ...sameFile] = byEntry.get(entry) ?? []
    if (file === undefined) return null
    const take = keep(file, member.sizeBytes, budget)
    if (take === null) {
      const message = `the package databases together have more than ${bytesText(budget.limits.maxKeptBytes)}`
      file.lack ??= { code: 'limit-memory', message }
      for (const other of sameFile) other.lack = file.lack
      return null
    }
    return content => {
      take(content)
      for (const other of sameFile) other.content = file.content
    }
  })
}

/** One pass over a layer: inflate, hash, read the archive; then the digest has to be the promised one. */
async function readMembers(layer: LayerBytes, budget: Budget, visit: VisitMember): Promise<void> {
  const hash = createHash('sha256')
  const reader = tarReader(member => {
    budget.entries += 1
    if (budget.entries > budget.limits.maxEntries) throw tooManyEntries(budget.limits)
    return visit(member)
  })
  try {
    for await (const chunk of inflate(layer.chunks)) {
      budget.inflatedBytes += chunk.length
      checkLimits(budget)
      hash.update(chunk)
      reader.write(chunk)
    }
    reader.end()
  } catch (cause) {
    if (!(cause instanceof CorruptTar)) throw cause
    throw new CorruptLayer(`its tar archive is broken: ${cause.message}`, { cause })
  }
  const diffId = `sha256:${hash.digest('hex')}`
  if (layer.diffId !== null && diffId !== layer.diffId) {
    throw new CorruptLayer(`it inflates to ${diffId}, where the image's configuration says ${layer.diffId}`)
  }
}

function checkLimits({ limits, signal, inflatedBytes }: Budget): void {
  if (inflatedBytes > limits.maxInflatedBytes) {
    const message = `The layers inflate to more than ${bytesText(limits.maxInflatedBytes)}; the rest was not read.`
    throw new LimitHit('limit-inflated-bytes', message)
  }
  if (signal.aborted) throw outOfTime(limits)
}

/** Entries are counted as they are read; a path of many folders makes more of a tree than that. */
function checkTree({ madeNodes, madeBytes, followed }: Overlay, limits: Limits): void {
  if (madeNodes > limits.maxEntries) throw tooManyEntries(limits)
  if (followed > limits.maxEntries * followedPerEntry) {
    const message =
      'Paths lead through symbolic links that lead through others, more than are followed; the rest was not read.'
    throw new LimitHit('limit-path-bytes', message)
  }
  // Rather this than a heap that runs over, after which nothing would be known at all.
  if (madeBytes > limits.maxHeapMb * 0.8e6) {
    const message = `Paths and links take more memory than they may (a heap of ${limits.maxHeapMb} MB); the rest was not read.`
    throw new LimitHit('limit-memory', message)
  }
}

/** Characters of link targets followed for each member, on the average. `lib -> usr/lib` has seven. */
const followedPerEntry = 100

const tooManyEntries = (limits: Limits): LimitHit =>
  new LimitHit(
    'limit-entries',
    `There are more than ${limits.maxEntries} files and folders; the rest was not read.`,
  )

function isTooLong(member: TarMember, { limits, reasons }: Budget): boolean {
  const bytes = Math.max(member.path.length, member.linkPath.length)
  if (bytes <= limits.maxPathBytes) return false
  const path = printable(readable(member.path.slice(0, 60)))
  const message = `A path of ${bytes} bytes, beginning with "${path}", is longer than ${limits.maxPathBytes}; it was left out.`
  if (!reasons.has('limit-path-bytes')) reasons.set('limit-path-bytes', { code: 'limit-path-bytes', message })
  return true
}

/** Takes note that a file's content is to be kept, or why it cannot be; null when it is not to be read now. */
function keep(file: FileNode, sizeBytes: number, budget: Budget): ((content: Uint8Array) => void) | null {
  const { maxFileBytes, maxKeptBytes } = budget.limits
  if (sizeBytes > maxFileBytes) {
    const message = `it has ${bytesText(sizeBytes)}, more than the ${bytesText(maxFileBytes)} that are read of one file (a database takes less when it is rebuilt as the image is built)`
    file.lack = { code: 'limit-file-bytes', message }
    return null
  }
  if (budget.keptBytes + sizeBytes > maxKeptBytes) budget.makeRoom()
  if (budget.keptBytes + sizeBytes > maxKeptBytes) return null
  budget.keptBytes += sizeBytes
  return bytes => {
    file.content = { bytes }
  }
}
