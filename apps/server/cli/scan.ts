import { type ScanReport, type Severity, severityRank } from '@plimsoll/types'
import { complain, interruptible } from './interruptible.ts'
import { printLine } from './print.ts'
import { feedsAt } from './scan-advisories.ts'
import { readScanArguments, scanHelp } from './scan-arguments.ts'
import { scanReference, sentence } from './scan-reference.ts'
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

  const { format, advisories, failOn } = request.arguments
  return interruptible(async signal => {
    const report = await scanReference(request.arguments, place => feedsAt(place, complain, signal), signal)
    if (format === 'json') printLine(JSON.stringify(report, null, 2))
    else if (report.images.length > 0) printLine(scanTable(report, advisories !== null))
    const isOneOfSeveral = report.images.length + report.failures.length > 1
    for (const failure of report.failures) complain(sentence(failure, isOneOfSeveral))
    return exitCodeOf(report, failOn)
  })
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
