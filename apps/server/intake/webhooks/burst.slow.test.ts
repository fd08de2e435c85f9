import { afterAll, beforeAll, expect, test } from 'vitest'
import { cleanUp, printedNotifications, startProcess, until } from '../../testdata/server-process.ts'
import { inboxLength, lost, runLoad, startSilentRegistry } from '../../testdata/webhook-burst.ts'

/** Two thousand events a second, until the server is killed. `npm run soak` holds them for half a minute. */

let registry: Awaited<ReturnType<typeof startSilentRegistry>>
beforeAll(async () => {
  registry = await startSilentRegistry()
})
afterAll(async () => {
  await cleanUp()
  await registry.stop()
})

test('what a burst was answered 200 for outlives a kill at its height, and the rest was answered 429', async () => {
  const flags = ['--empty', '--registry', registry.url]
  const killed = await startProcess({ flags })
  const killing: Promise<void>[] = []
  const result = await runLoad(printedNotifications(killed), { rate: 2000, seconds: 4 }, () => {
    killing.push(killed.kill())
  })
  await Promise.all(killing)
  const { 200: accepted = 0, 429: refused = 0, broken = 0, ...others } = result.statuses
  expect(others).toEqual({})
  expect(accepted).toBeGreaterThan(0)
  expect(accepted + refused + broken).toBe(8000)

  const again = await startProcess({ flags, dataDir: killed.dataDir })
  await until('the inbox is empty', () => inboxLength(again.dataDir) === 0, 60_000)
  expect(lost(again.dataDir, result.accepted)).toEqual([])
  await again.kill()
})
