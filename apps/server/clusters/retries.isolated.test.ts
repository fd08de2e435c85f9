import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import {
  type KubernetesApiDouble,
  kubeconfigFor,
  startKubernetesApiDouble,
} from '../testdata/kubernetes-api-double.ts'
import { until } from '../testdata/server-process.ts'
import { listClusters } from './list.ts'
import { type ClusterWatch, watchCluster } from './watch-cluster.ts'

/** Waits between listings are minutes: they are noted here, and over when the test says so. */
const waits = vi.hoisted((): { ms: number; over: () => void }[] => [])
vi.mock(import('node:timers/promises'), async original => ({
  ...(await original()),
  setTimeout: (ms, value, options) =>
    new Promise((resolve, reject) => {
      waits.push({ ms: ms ?? 0, over: () => resolve(value as never) })
      const end = () => reject(options?.signal?.reason as Error)
      if (options?.signal?.aborted) end()
      options?.signal?.addEventListener('abort', end)
    }),
}))

let db: Db
let api: KubernetesApiDouble
let folder: string
let watching: ClusterWatch

beforeEach(async () => {
  waits.length = 0
  db = openInMemory()
  api = await startKubernetesApiDouble()
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-kube-'))
  await writeFile(join(folder, 'config'), kubeconfigFor(api.url, 'production'))
  vi.stubEnv('KUBECONFIG', join(folder, 'config'))
})
afterEach(async () => {
  await watching.stop()
  await api.stop()
  await rm(folder, { recursive: true })
  vi.unstubAllEnvs()
})

/** Lets so many listings happen; @returns how long is waited after each, in seconds. */
async function waitedAfter(listings: number): Promise<number[]> {
  const waited: number[] = []
  for (let number = 0; number < listings; number++) {
    const wait = await until('the next listing is waited for', () => waits.shift())
    waited.push(wait.ms / 1000)
    wait.over()
  }
  return waited
}

test('after a listing that failed the next comes soon, after more of them later, and never later than usual', async () => {
  const logged: string[] = []
  const log = pino({ level: 'warn' }, { write: line => void logged.push(line) })
  api.refuseWith = 500
  watching = watchCluster(
    { context: null },
    { db, events: createEventBus(), log, wakeRunner: () => undefined },
  )
  expect(await waitedAfter(7)).toEqual([10, 20, 40, 80, 160, 300, 300])
  const last = await until('the next has failed', () => waits.shift())
  expect(last.ms).toBe(300_000)
  expect(api.requests).toHaveLength(8)
  expect(logged).toHaveLength(8)
  expect(listClusters(db)).toMatchObject([{ name: 'production', error: expect.stringContaining('500') }])

  api.refuseWith = null
  last.over()
  const next = await until('it worked', () => waits.shift())
  expect(next.ms).toBe(300_000)
  expect(listClusters(db)).toMatchObject([{ error: null }])
  api.refuseWith = 500
  next.over()
  expect(await waitedAfter(2)).toEqual([10, 20])
})

test('a watch that is stopped while it waits does not ask again', async () => {
  api.refuseWith = 500
  watching = watchCluster(
    { context: null },
    { db, events: createEventBus(), log: pino({ level: 'silent' }), wakeRunner: () => undefined },
  )
  await until('it waits', () => waits.length > 0)
  await watching.stop()
  expect(api.requests).toHaveLength(1)
})
