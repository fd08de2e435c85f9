import { shared } from '../../packages/engine/testdata/shared.ts'
import { row } from './figures.ts'
import { measured, type Timing } from './measured.ts'

/**
 * What matching 1,000 packages against all advisories of ../shared costs, as ratios to walking over the same records
 * once, and once for every package: in one process each turn, which also reads the records. Prints figures and asserts
 * none.
 */
const runsWanted = Number(process.env['PLIMSOLL_BENCH_PAIRS'] ?? 5)
const place = shared('advisories')

interface Matching extends Timing {
  readonly againMs: number
  readonly walkMs: number
  readonly linearMs: number
  readonly heapBytes: number
  readonly packages: number
  readonly records: number
  readonly entries: number
  readonly findings: number
}

if (place !== null) {
  const runs: Matching[] = []
  for (let run = 0; run < runsWanted; run += 1) runs.push(await measured<Matching>('match-once.ts', place))

  const [{ packages, records, entries, findings }] = runs as [Matching]
  const of = (valueOf: (run: Matching) => number) => runs.map(valueOf)
  console.log(
    `\n${packages} packages of Debian 12 and ${records} advisories with ${entries} entries: ${findings} findings, ${runs.length} runs`,
  )
  console.table([
    row(
      'match, the first time',
      of(run => run.ms),
      'ms',
      '',
    ),
    row(
      'match again',
      of(run => run.againMs),
      'ms',
      '',
    ),
    row(
      'one pass over all records',
      of(run => run.walkMs),
      'ms',
      '',
    ),
    row(
      'a pass for every package',
      of(run => run.linearMs),
      'ms',
      '',
    ),
    row(
      'match / one pass',
      of(run => run.ms / run.walkMs),
      '',
      '',
    ),
    row(
      'match / a pass for every package',
      of(run => run.ms / run.linearMs),
      '',
      '',
    ),
    row(
      'memory that the result keeps',
      of(run => run.heapBytes / 1e6),
      'MB',
      '',
    ),
  ])
}
