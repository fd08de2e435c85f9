import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { advisoryIndex, ociLayoutSource, parseOsvRecord, SourceError, scan } from '@plimsoll/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sample, sampleLayout, writeSamples } from './samples.ts'
import { snapshotRecords } from './snapshot.ts'

let folder: string
let samples: Sample[]
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-soak-'))
  samples = await writeSamples(folder)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const advisories = advisoryIndex(Array.from(snapshotRecords(), record => parseOsvRecord(record).advisory))

test('a thousand scans leave no process, no open file and no memory behind', async () => {
  // The first rounds fill caches that stay.
  for (let round = 0; round < 5; round += 1) await scanAll()
  const before = await held()
  for (let scans = 0; scans < 1000; scans += samples.length) await scanAll()
  const after = await held()
  expect(after.resources).toEqual(before.resources)
  expect(after.heapMb - before.heapMb).toBeLessThan(8)
}, 1_200_000)

/** Two at a time, as the server does. */
async function scanAll(): Promise<void> {
  const waiting = [...samples]
  const work = async (): Promise<void> => {
    for (let sample = waiting.pop(); sample; sample = waiting.pop()) await scanOne(sample)
  }
  await Promise.all([work(), work()])
}

async function scanOne({ repository, digest }: Sample): Promise<void> {
  const signal = new AbortController().signal
  const source = ociLayoutSource({ directory: sampleLayout(folder, repository), digest })
  for (const image of (await source.resolve([], signal)).images) {
    try {
      const progress = scan({ source, image, advisories, today: '2026-11-20', signal })
      for (let step = await progress.next(); !step.done; ) step = await progress.next()
    } catch (error) {
      // One sample is damaged on purpose.
      if (!(error instanceof SourceError)) throw error
    }
  }
}

/** What this process holds: children, pipes and files that are open, and heap after a collection. */
async function held(): Promise<{ resources: string[]; heapMb: number }> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // Twice: what the first collection finalizes, the second one frees.
  collect()
  await new Promise(resolve => setImmediate(resolve))
  collect()
  const resources = process.getActiveResourcesInfo().filter(name => /Process|Pipe|FSReq|TCP/.test(name))
  return { resources: resources.toSorted(), heapMb: process.memoryUsage().heapUsed / 2 ** 20 }
}
