import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { cleanUp, printedNotifications, startProcess } from '../../apps/server/testdata/server-process.ts'
import { type LoadResult, runLoad, startSilentRegistry } from '../../apps/server/testdata/webhook-burst.ts'

/**
 * What a webhook takes: one event a request, from a process of its own over loopback, stored on the disk before the
 * answer and taken in behind it; as a ratio to a bare express route that parses the same bodies, in the same run.
 * Prints figures and asserts none.
 */
const seconds = Number(process.env['PLIMSOLL_BENCH_SECONDS'] ?? 10)

const bare = spawn(
  process.execPath,
  [new URL('../../apps/server/testdata/bare-route.ts', import.meta.url).pathname],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
const { value: bareUrl } = await createInterface(bare.stdout)[Symbol.asyncIterator]().next()
const registry = await startSilentRegistry()
const server = await startProcess({ flags: ['--empty', '--registry', registry.url] })
const webhook = printedNotifications(server)

/** As fast as the answers come, a third of a second turn by turn, so that what else the machine does meets both. */
const rounds = 8
const fastest = { bare: [] as number[], webhook: [] as number[] }
let first = 1_000_000
for (let round = 0; round < rounds; round++) {
  for (const [name, to] of [
    ['bare', { ...webhook, url: String(bareUrl) }],
    ['webhook', webhook],
  ] as const) {
    const { accepted, seconds: took } = await runLoad(to, { rate: 0, seconds: 1, first })
    fastest[name].push(accepted.length / took)
    first += 100_000
  }
}
const burst = async (to: typeof webhook): Promise<LoadResult> => {
  first += 1_000_000
  return await runLoad(to, { rate: 2000, seconds, first })
}
const bareBurst = await burst({ ...webhook, url: String(bareUrl) })
const webhookBurst = await burst(webhook)
await cleanUp()
await registry.stop()
bare.kill()

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
const shown = (of: readonly number[], { accepted, statuses, seconds: took, p50Ms, p95Ms }: LoadResult) => ({
  'at most, accepted/s': median(of).toFixed(0),
  'of 2,000/s, accepted/s': (accepted.length / took).toFixed(0),
  'answered 429': statuses['429'] ?? 0,
  'p50 ms': p50Ms.toFixed(1),
  'p95 ms': p95Ms.toFixed(1),
})
console.log(
  `\nEvents over a webhook, ${seconds} s at 2,000 a second, and as fast as they are answered (median of ${rounds})`,
)
console.table({
  'bare express route': shown(fastest.bare, bareBurst),
  webhook: shown(fastest.webhook, webhookBurst),
})
console.log(`at most, webhook / bare route: ${(median(fastest.webhook) / median(fastest.bare)).toFixed(2)}`)
