import {
  type AdvisoryLookup,
  defaultLimits,
  match,
  type NotApplicable,
  type Resolution,
  type ResolvedImage,
  type Source,
  SourceError,
  scan,
} from '@plimsoll/engine'
import type { Inventory, ScanProgress } from '@plimsoll/types'
import { dayOf } from '../advisories/days.ts'
import { generationOf } from '../advisories/generation.ts'
import { advisoryLookup } from '../advisories/lookup.ts'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { prepared } from '../db/statements.ts'
import { noteRead } from '../intake/pulls/own-reads.ts'
import type { Sources } from '../registries/sources.ts'
import { completeImage, fullerImage, loadInventory } from './inventory.ts'
import { advisoriesFor, placeOf } from './places.ts'
import type { LeasedScan } from './queue.ts'
import { recordIndex, recordNotApplicable, recordReport, recordStored } from './record.ts'

export interface ScanDeps {
  readonly db: Db
  readonly sources: Sources
  readonly now: () => Date
  /** Called on every step; may be often. */
  readonly progress: (progress: ScanProgress) => void
  readonly signal: AbortSignal
}

/**
 * Scans what a digest names and records the result.
 * @returns the scans that it led to, when the digest is an index's.
 * @throws SourceError for the world's errors, LeaseLost when the result is nobody's business any more.
 */
export async function scanImage(leased: LeasedScan, deps: ScanDeps): Promise<readonly number[]> {
  const { db, sources, now, signal } = deps
  const limitMs = scanLimitMs(db, leased.repositoryId)
  const endsAt = performance.now() + limitMs
  const place = placeOf(db, leased.repositoryId)
  // A rescan asks what is known today of what was read before: neither the registry nor its record of pulls hears of it.
  if (leased.trigger === 'rescan') {
    if (matchStored(leased, completeImage(db, leased.digest), advisoriesFor(place), deps)) return []
  }
  noteRead(db, leased.repositoryId, leased.digest, now().toISOString())
  const source = sources.open(place, leased.digest)
  const resolution = await resolveWithin(source, limitMs, signal)
  if (isIndex(resolution)) return recordIndex(db, leased, resolution, now().toISOString())
  const { images, notApplicable } = resolution
  const [image] = images
  if (image === undefined) recordNotApplicable(db, leased, only(notApplicable), now().toISOString())
  else await readAndMatch(leased, image, { source, advisories: advisoriesFor(place), endsAt }, deps)
  return []
}

/** Nothing was read yet, so that there is no result to be had when the time is over. @throws SourceError */
async function resolveWithin(source: Source, limitMs: number, signal: AbortSignal): Promise<Resolution> {
  const over = AbortSignal.timeout(Math.max(limitMs, 1000))
  try {
    return await source.resolve([], AbortSignal.any([signal, over]))
  } catch (error) {
    if (!over.aborted || signal.aborted) throw error
    throw new SourceError(
      'registry-timeout',
      'The registry did not tell what the digest names within the time that a scan may take.',
      { hint: 'The time limit of a scan is set with the plan of the registry’s subscription.', cause: error },
    )
  }
}

async function readAndMatch(
  leased: LeasedScan,
  image: ResolvedImage,
  { source, advisories, endsAt }: { source: Source; advisories: AdvisorySource; endsAt: number },
  deps: ScanDeps,
): Promise<void> {
  const { db, now, progress } = deps
  // Read once, matched for ever. Someone who asks for a scan wants it read again, and so does what was not read whole.
  if (leased.trigger !== 'request') {
    if (matchStored(leased, completeImage(db, leased.digest), advisories, deps)) return
  }
  const against = { source: advisories, generation: generationOf(db, advisories) }
  let inventory: Inventory | null = null
  const taken = async (read: Inventory): Promise<AdvisoryLookup> => {
    inventory = read
    return advisoryLookup(db, advisories)
  }
  const limits = {
    ...defaultLimits,
    timeoutMs: Math.max(1, Math.round((endsAt - performance.now()) / 1000)) * 1000,
  }
  const steps = scan({ source, image, limits, advisories: taken, today: dayOf(now()), signal: deps.signal })
  for (;;) {
    const { done, value } = await steps.next()
    if (!done) {
      progress(value)
      continue
    }
    progress(step('recording', image, value.packages.length))
    if (inventory === null) throw new Error('a scan ended without an inventory')
    const { coverage, packages }: Inventory = inventory
    // What others read of the same bytes is not forgotten because this reading was cut short.
    if (coverage.status !== 'complete') {
      if (matchStored(leased, fullerImage(db, leased.digest, packages.length), advisories, deps)) return
    }
    const read = { report: value, inventory, createdAt: image.createdAt }
    recordReport(db, leased, read, against, now().toISOString())
    return
  }
}

/** The result of what was read of an image before. @returns false when there is no such. */
function matchStored(
  leased: LeasedScan,
  known: number | null,
  advisories: AdvisorySource,
  deps: ScanDeps,
): boolean {
  const { db, now, progress } = deps
  const stored = known === null ? null : loadInventory(db, known)
  if (known === null || stored === null) return false
  const against = { source: advisories, generation: generationOf(db, advisories) }
  progress(step('matching', { layers: [], sizeBytes: 0 }, stored.packages.length))
  const result = {
    imageId: known,
    packages: stored.packages,
    ...match(stored, advisoryLookup(db, advisories), { today: dayOf(now()) }),
  }
  recordStored(db, leased, result, against, now().toISOString())
  return true
}

const step = (
  stage: ScanProgress['stage'],
  image: Pick<ResolvedImage, 'layers' | 'sizeBytes'>,
  packages: number,
): ScanProgress => ({
  stage,
  layersDone: image.layers.length,
  layersTotal: image.layers.length,
  bytesDone: image.sizeBytes,
  bytesTotal: image.sizeBytes,
  packages,
})

/** How long a scan may take by the plan of the image's subscription, in milliseconds. */
function scanLimitMs(db: Db, repositoryId: number): number {
  const minutes = prepared(
    db,
    `select sub.scan_limit_minutes from repository rp join registry rg on rg.id = rp.registry_id
       join subscription sub on sub.id = rg.subscription_id where rp.id = ?`,
  )
  return (minutes.pluck().get(repositoryId) as number) * 60_000
}

const isIndex = (resolution: Resolution): resolution is Resolution & { indexDigest: string } =>
  resolution.indexDigest !== null

function only(notApplicable: readonly NotApplicable[]): NotApplicable {
  const [found] = notApplicable
  if (found === undefined) throw new Error('a resolution names neither an image nor why there is none')
  return found
}
