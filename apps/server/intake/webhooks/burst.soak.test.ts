import { afterAll, beforeAll, expect, test } from 'vitest'
import { cleanUp, printedNotifications, startProcess, until } from '../../testdata/server-process.ts'
import { inboxLength, lost, runLoad, startSilentRegistry } from '../../testdata/webhook-burst.ts'

/** A burst of 2,000 events a second for 30 seconds, of which at least 1,000 a second are accepted; and a worse one. */

let registry: Awaited<ReturnType<typeof startSilentRegistry>>
beforeAll(async () => {
  registry = await startSilentRegistry()
})
afterAll(async () => {
  await cleanUp()
  await registry.stop()
})

test('a burst of 2,000 events a second for 30 seconds', { timeout: 300_000 }, async () => {
  const flags = ['--empty', '--registry', registry.url]
  const killed = await startProcess({ flags })
  const killing: Promise<void>[] = []
  const result = await runLoad(printedNotifications(killed), { rate: 2000, seconds: 30 }, () => {
    killing.push(killed.kill())
  })
  await Promise.all(killing)
  const { 200: accepted = 0, 429: refused = 0, broken = 0, ...others } = result.statuses
  const waiting = inboxLength(killed.dataDir)
  const again = await startProcess({ flags, dataDir: killed.dataDir })
  await until('the inbox is empty', () => inboxLength(again.dataDir) === 0, 120_000)
  const gone = lost(again.dataDir, result.accepted)
  const perSecond = accepted / result.seconds
  console.table({
    'events a second': (60_000 / result.seconds).toFixed(0),
    'accepted a second (goal: 1,000)': perSecond.toFixed(0),
    'answered 429': refused,
    'cut off by the kill': broken,
    'waiting in the inbox when killed': waiting,
    lost: gone.length,
    'p50 ms': result.p50Ms.toFixed(1),
    'p95 ms': result.p95Ms.toFixed(1),
  })
  expect(gone).toEqual([])
  expect(others).toEqual({})
  expect(accepted + refused + broken).toBe(60_000)
  expect(perSecond).toBeGreaterThanOrEqual(1000)

  // More than can be taken in: told so, all of them, and none of what was accepted is lost.
  const flood = await runLoad(printedNotifications(again), { rate: 6000, seconds: 5, first: 1_000_000 })
  await until('the inbox is empty again', () => inboxLength(again.dataDir) === 0, 120_000)
  const { 200: taken = 0, 429: turnedAway = 0, ...otherwise } = flood.statuses
  console.table({ 'sent in 5 s': 30_000, 'answered 200': taken, 'answered 429': turnedAway })
  expect(lost(again.dataDir, flood.accepted)).toEqual([])
  expect(otherwise).toEqual({})
  expect(taken + turnedAway).toBe(30_000)
  expect(turnedAway).toBeGreaterThan(0)
  await again.kill()
})
