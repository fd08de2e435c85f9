import {
  advisoryIndex,
  openSource,
  type ResolvedImage,
  reportNotApplicable,
  type Source,
  SourceError,
  scan,
} from '@plimsoll/engine'
import {
  type ImageReport,
  type Platform,
  platformName,
  type ScanFailure,
  type ScanProgress,
  type ScanReport,
} from '@plimsoll/types'
import { registryCredentials } from '../config.ts'
import { plain } from './print.ts'
import { checkAdvisories, type ScanFeeds } from './scan-advisories.ts'
import { platformsMissing, unresolvedFailures } from './scan-platforms.ts'

/** What a command wants to know of a reference. */
export interface Wanted {
  readonly reference: string
  /** Those asked for; none when all that run on Linux are. */
  readonly platforms: readonly Platform[]
  /** Where advisories are; null when nothing is to be judged. */
  readonly advisories: string | null
}

/**
 * Scans everything a reference names, and shows how far it is on a terminal.
 *
 * @param feedsAt what to match against, made from the place once it is known to be one
 * @param onScanned told of each image's report before the next image is looked at
 * @throws UnreadableFeed, InvalidSetting
 */
export async function scanReference(
  options: Wanted,
  feedsAt: (place: string) => ScanFeeds,
  signal: AbortSignal,
  onScanned: (image: ImageReport) => void = () => {},
): Promise<ScanReport> {
  const { reference, advisories: place, platforms } = options
  const credentials = registryCredentials()
  if (place !== null) await checkAdvisories(place)
  const feeds = place === null ? null : feedsAt(place)

  const images: ImageReport[] = []
  const failures: ScanFailure[] = []
  let named = { reference, indexDigest: null as ScanReport['indexDigest'] }
  try {
    const source = openSource(reference, { credentials })
    named = { ...named, reference: source.reference }
    const resolution = await source.resolve(platforms, signal)
    named = { ...named, indexDigest: resolution.indexDigest }
    failures.push(...platformsMissing(resolution, platforms), ...unresolvedFailures(resolution))
    for (const image of resolution.images) {
      const outcome = await scanImage(source, image, feeds, signal)
      if ('code' in outcome) {
        failures.push(outcome)
        continue
      }
      images.push(outcome)
      onScanned(outcome)
    }
    images.push(...resolution.notApplicable.map(one => reportNotApplicable(source, one)))
  } catch (error) {
    failures.push(failureOf(error, null))
  }
  return { ...named, images, failures }
}

async function scanImage(
  source: Source,
  image: ResolvedImage,
  feeds: ScanFeeds | null,
  signal: AbortSignal,
): Promise<ImageReport | ScanFailure> {
  const steps = scan({
    source,
    image,
    today: today(),
    signal,
    ...(feeds ?? { advisories: advisoryIndex([]) }),
  })
  try {
    let step = await steps.next()
    for (; !step.done; step = await steps.next()) showProgress(step.value)
    return step.value
  } catch (error) {
    return failureOf(error, image)
  } finally {
    showProgress(null)
  }
}

/** What the world did wrong; anything else is our own mistake and ends the program. */
function failureOf(error: unknown, image: ResolvedImage | null): ScanFailure {
  if (!(error instanceof SourceError)) throw error
  const { code, message, hint } = error
  return { digest: image?.digest ?? null, platform: image?.platform ?? null, code, message, hint }
}

/** The day, `2024-03-29`. */
export const today = (): string => new Date().toISOString().slice(0, 'yyyy-mm-dd'.length)

/** @param isOneOfSeveral images, so that it has to be said which one it is. */
export function sentence({ digest, platform, message, hint }: ScanFailure, isOneOfSeveral: boolean): string {
  const which = digest !== null && platform !== null && isOneOfSeveral ? `${platformName(platform)}: ` : ''
  return plain(`${which}${message}${hint === null ? '' : ` ${hint}`}`)
}

/** One line that is written over and over, for people who wait; null wipes it away. */
function showProgress(progress: ScanProgress | null): void {
  if (!process.stderr.isTTY) return
  process.stderr.write(`\r\u001b[K${progress === null ? '' : progressText(progress)}`)
}

function progressText({
  stage,
  layersDone,
  layersTotal,
  bytesDone,
  bytesTotal,
  packages,
}: ScanProgress): string {
  if (stage === 'inventory' || stage === 'matching') return `${packages ?? 0} packages, matching ...`
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
  const size = bytesTotal > 0 ? ` ${megabytes(bytesDone)} of ${megabytes(bytesTotal)} MB,` : ''
  return `Reading layers:${size} ${layersDone} of ${layersTotal} done ...`
}
