import {
  advisoryIndex,
  checkPlace,
  openSource,
  type ResolvedImage,
  reportNotApplicable,
  type Source,
  SourceError,
  scan,
  UnreadableFeed,
} from '@plimsoll/engine'
import {
  type ImageReport,
  platformName,
  type ScanFailure,
  type ScanProgress,
  type ScanReport,
  type Severity,
  severityRank,
} from '@plimsoll/types'
import { InvalidSetting, registryCredentials } from '../config.ts'
import { plain, printLine } from './print.ts'
import { feedsAt, type ScanFeeds } from './scan-advisories.ts'
import { readScanArguments, type ScanArguments, scanHelp } from './scan-arguments.ts'
import { platformsMissing, unresolvedFailures } from './scan-platforms.ts'
import { scanTable } from './scan-table.ts'

/**
 * `plimsoll scan`: scans everything a reference names and prints the result on standard output, complaints and
 * progress on standard error.
 * @returns the exit code: 0 when every image was scanned, 2 when one could not be or there was none; else 1 when
 *   there is a finding that was to make it fail.
 */
export async function scanCommand(args: readonly string[]): Promise<number> {
  const request = readScanArguments(args)
  if (request.kind === 'help') {
    printLine(scanHelp)
    return 0
  }
  if (request.kind === 'wrong') return complain(`${request.why}. See: npm run -s plimsoll -- scan --help`)

  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  try {
    const { format, advisories, failOn } = request.arguments
    const report = await scanReference(request.arguments, interrupted.signal)
    if (format === 'json') printLine(JSON.stringify(report, null, 2))
    else if (report.images.length > 0) printLine(scanTable(report, advisories !== null))
    const isOneOfSeveral = report.images.length + report.failures.length > 1
    for (const failure of report.failures) complain(sentence(failure, isOneOfSeveral))
    return exitCodeOf(report, failOn)
  } catch (error) {
    if (interrupted.signal.aborted) return complain('interrupted')
    if (error instanceof UnreadableFeed || error instanceof InvalidSetting)
      return complain(plain(error.message))
    throw error
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

function exitCodeOf({ images, failures }: ScanReport, failOn: Severity | null): 0 | 1 | 2 {
  const scanned = images.filter(({ coverage }) => coverage.status !== 'not-applicable')
  if (failures.length > 0 || scanned.length === 0) return 2
  if (failOn === null) return 0
  const open = scanned.flatMap(image =>
    image.findings.filter(one => one.class === 'security' && one.state === 'open'),
  )
  return open.some(({ severity }) => severityRank[severity] >= severityRank[failOn]) ? 1 : 0
}

async function scanReference(options: ScanArguments, signal: AbortSignal): Promise<ScanReport> {
  const { reference, advisories: place, platforms } = options
  const credentials = registryCredentials()
  if (place !== null) await checkPlace(place)
  const feeds = place === null ? null : feedsAt(place, complain, signal)

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
      if ('code' in outcome) failures.push(outcome)
      else images.push(outcome)
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
  const today = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length)
  const steps = scan({ source, image, today, signal, ...(feeds ?? { advisories: advisoryIndex([]) }) })
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

/** @param isOneOfSeveral images, so that it has to be said which one it is. */
function sentence({ digest, platform, message, hint }: ScanFailure, isOneOfSeveral: boolean): string {
  const which = digest !== null && platform !== null && isOneOfSeveral ? `${platformName(platform)}: ` : ''
  return plain(`${which}${message}${hint === null ? '' : ` ${hint}`}`)
}

function complain(line: string): 2 {
  console.error(`plimsoll: ${line}`)
  return 2
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
