import type { ImageReport, Inventory, ScanProgress, ScanStage, Threat } from '@plimsoll/types'
import type { AdvisoryLookup } from './advisories/advisory.ts'
import { ecosystems } from './ecosystems/index.ts'
import { wantsFile } from './inventory/databases.ts'
import { defaultLimits, type Limits } from './layers/limits.ts'
import { match } from './match/match.ts'
import { reportsOf } from './progress.ts'
import { type OpenSourceOptions, openSource as openAnySource, type Reference } from './registry/index.ts'
import type { NotApplicable, ResolvedImage, Source } from './registry/source.ts'
import { type ReadProgress, readInventory } from './sandbox/read-inventory.ts'

/** The source that a reference names; of a root file system it gives what distributions and ecosystems are known by. */
export const openSource = (
  reference: string | Reference,
  options: Omit<OpenSourceOptions, 'wants'> = {},
): Source => openAnySource(reference, { ...options, wants: wantsFile(ecosystems) })

export interface ScanInput {
  readonly source: Source
  /** One of the images that `source.resolve` gave. */
  readonly image: ResolvedImage
  /** What to match against, or a function that gets what this image needs. */
  readonly advisories: AdvisoryLookup | ((inventory: Inventory) => Promise<AdvisoryLookup>)
  /** The day of the scan, `2024-03-29`: on it a release is maintained, or no more. */
  readonly today: string
  /** What is known of attacks on a CVE; without it nothing is. */
  readonly threats?: (cve: string) => Threat
  readonly limits?: Limits
  readonly signal: AbortSignal
}

/**
 * Scans one image: its layers are pulled and read in a sandbox, what is installed is taken down, and matched against
 * advisories. Yields how far it is; a consumer that stops iterating cancels the scan.
 * @throws SourceError when there is no result. What could not be read of a result is in its coverage.
 */
export async function* scan(input: ScanInput): AsyncGenerator<ScanProgress, ImageReport> {
  const { source, image, advisories, limits = defaultLimits } = input

  let read: ReadProgress = {
    layersDone: 0,
    layersTotal: image.layers.length,
    bytesDone: 0,
    bytesTotal: image.sizeBytes,
  }
  const at = (stage: ScanStage, packages: number | null): ScanProgress => ({ stage, ...read, packages })

  yield at('pulling', null)
  const reading = reportsOf<ReadProgress, Inventory>((onProgress, signal) => {
    const openLayer = source.openLayer.bind(source, image)
    return readInventory({ image, openLayer, limits, signal, onProgress })
  }, input.signal)
  let step = await reading.next()
  for (; !step.done; step = await reading.next()) {
    read = step.value
    yield at('pulling', null)
  }
  const inventory = step.value
  yield at('inventory', inventory.packages.length)

  const lookup = typeof advisories === 'function' ? await advisories(inventory) : advisories
  yield at('matching', inventory.packages.length)
  return reportOf(input, inventory, lookup)
}

function reportOf(
  { source, image, today, threats = nothingKnown }: ScanInput,
  inventory: Inventory,
  advisories: AdvisoryLookup,
): ImageReport {
  const { digest, mediaType, platform, sizeBytes, layers } = image
  const { distro, packages } = inventory
  const { findings, coverage } = match(inventory, advisories, { today })
  const about = { reference: source.reference, digest, mediaType, platform, sizeBytes, layers: [...layers] }
  const reported = findings.map(one => ({ ...one, ...threats(one.vulnerabilityId) }))
  return { ...about, distro, coverage, packages, findings: reported }
}

const nothingKnown = (): Threat => ({ kev: null, epss: null })

/** The report of something that stands where an image could stand and is none that can be assessed. */
export function reportNotApplicable(
  source: Source,
  { digest, mediaType, platform, reason }: NotApplicable,
): ImageReport {
  const coverage = {
    status: 'not-applicable' as const,
    reasons: [reason],
    packages: {},
    databases: [],
    release: null,
    feeds: [],
  }
  const about = { reference: source.reference, digest, mediaType, platform, sizeBytes: 0, layers: [] }
  return { ...about, distro: null, coverage, packages: [], findings: [] }
}
