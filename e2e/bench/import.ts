import { shared } from '../../packages/engine/testdata/shared.ts'
import { row } from './figures.ts'
import { measured, type Timing } from './measured.ts'

/**
 * What reading all advisories of ../shared into memory costs, as ratios to inflating and parsing the same records and
 * no more: turn by turn in one run, each in a process of its own. Prints goals beside figures and asserts none.
 */
const pairs = Number(process.env['PLIMSOLL_BENCH_PAIRS'] ?? 5)
const place = shared('advisories')

if (place !== null) {
  const baseline = () => measured<Timing & { parseMs: number }>('parse-once.ts', place)
  const load = () => measured<Timing & { groupMs: number; records: number }>('import-once.ts', place)
  await baseline()
  await load()
  const runs: { baseline: Awaited<ReturnType<typeof baseline>>; load: Awaited<ReturnType<typeof load>> }[] =
    []
  for (let pair = 0; pair < pairs; pair += 1) runs.push({ baseline: await baseline(), load: await load() })

  const of = (valueOf: (pair: (typeof runs)[number]) => number) => runs.map(valueOf)
  const { records } = runs[0]!.load
  const megabytes = (runs[0]!.baseline.bytes / 1e6).toFixed(0)
  console.log(`\n${records} advisories, ${megabytes} MB of JSON, ${pairs} pairs`)
  console.table([
    row(
      'unzip + JSON.parse',
      of(pair => pair.baseline.ms / 1000),
      's',
      '',
    ),
    row(
      'read into memory',
      of(pair => pair.load.ms / 1000),
      's',
      '',
    ),
    row(
      'read / (unzip + JSON.parse)',
      of(pair => pair.load.ms / pair.baseline.ms),
      '',
      'at most 2',
    ),
    row(
      'read / JSON.parse alone',
      of(pair => pair.load.ms / pair.baseline.parseMs),
      '',
      '',
    ),
    row(
      'groups of aliases',
      of(pair => pair.load.groupMs / 1000),
      's',
      '',
    ),
    row(
      'peak memory',
      of(pair => pair.load.peakBytes / 1e6),
      'MB',
      '',
    ),
  ])
}
