import { shared } from '../../packages/engine/testdata/shared.ts'
import { row } from './figures.ts'
import { measured, type Timing } from './measured.ts'

/**
 * What bringing all advisories of ../shared into the server's database costs, as ratios to inflating and parsing the
 * same records and no more: turn by turn in one run, each in a process of its own. Prints figures and asserts none.
 */
const pairs = Number(process.env['PLIMSOLL_BENCH_PAIRS'] ?? 5)
const place = shared('advisories')

interface Storing extends Timing {
  readonly againMs: number
  readonly longestMs: number
  readonly p95Ms: number
  readonly records: number
}

if (place !== null) {
  const baseline = () => measured<Timing & { parseMs: number }>('parse-once.ts', place)
  const store = () => measured<Storing>('store-once.ts', place)
  await baseline()
  await store()
  const runs: { baseline: Awaited<ReturnType<typeof baseline>>; store: Awaited<ReturnType<typeof store>> }[] =
    []
  for (let pair = 0; pair < pairs; pair += 1) runs.push({ baseline: await baseline(), store: await store() })

  const of = (valueOf: (pair: (typeof runs)[number]) => number) => runs.map(valueOf)
  const { records, bytes } = runs[0]!.store
  const megabytes = (runs[0]!.baseline.bytes / 1e6).toFixed(0)
  console.log(
    `\n${records} advisories, ${megabytes} MB of JSON, stored in ${(bytes / 1e6).toFixed(0)} MB, ${pairs} pairs`,
  )
  console.table([
    row(
      'unzip + JSON.parse',
      of(pair => pair.baseline.ms / 1000),
      's',
      '',
    ),
    row(
      'import',
      of(pair => pair.store.ms / 1000),
      's',
      '',
    ),
    row(
      'import of what is known',
      of(pair => pair.store.againMs / 1000),
      's',
      '',
    ),
    row(
      'import / (unzip + JSON.parse)',
      of(pair => pair.store.ms / pair.baseline.ms),
      '',
      '',
    ),
    row(
      'import of what is known / (unzip + JSON.parse)',
      of(pair => pair.store.againMs / pair.baseline.ms),
      '',
      '',
    ),
    row(
      'another writer’s wait, 95th percentile',
      of(pair => pair.store.p95Ms),
      'ms',
      '',
    ),
    row(
      'its longest wait',
      of(pair => pair.store.longestMs),
      'ms',
      'at most 50 ms',
    ),
    row(
      'peak memory',
      of(pair => pair.store.peakBytes / 1e6),
      'MB',
      '',
    ),
  ])
}
