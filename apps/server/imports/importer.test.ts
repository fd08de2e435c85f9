import { newImageImportSchema } from '@plimsoll/types'
import { afterEach, expect, test, vi } from 'vitest'
import {
  type FaultyRegistryDouble,
  startFaultyRegistryDouble,
} from '../../../packages/engine/registry/testdata/faulty-registry-double.ts'
import { ensureRegistry } from '../intake/places.ts'
import { testConnections } from '../registries/testdata/connections.ts'
import { until } from '../testdata/server-process.ts'
import { type Importer, startImporter } from './importer.ts'
import { nextImportAt } from './queue.ts'
import { cancelImport, retryImport, startImport } from './store.ts'

let source: FaultyRegistryDouble | null = null
let importer: Importer | null = null
afterEach(async () => {
  vi.useRealTimers()
  await importer?.stop()
  await source?.stop()
})

test('an import that was called off and asked for again at once can be called off again', async () => {
  const deps = testConnections()
  const registry = await startFaultyRegistryDouble()
  source = registry
  let open = 0
  registry.guard((_request, response) => {
    open += 1
    response.once('close', () => void (open -= 1))
    return false
  })
  ensureRegistry(
    deps.db,
    { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: registry.url },
    '2026-03-04T12:00:00.000Z',
  )
  const imports = startImporter({ ...deps, wakeRunner: () => undefined })
  importer = imports
  const asking = { ...deps, viewer: { name: 'Ada' }, importer: imports }
  const input = newImageImportSchema.parse({ source: `${registry.host}/team/api:1`, registryId: 'reg' })
  const { id } = startImport(input, asking)
  await until('the source is asked', () => open === 1)

  cancelImport(id, asking)
  retryImport(id, asking)
  // What the first does until it has let go is not taken for the second's.
  const state = () => deps.db.$client.prepare('select state from image_import').pluck().get()
  expect(state()).toBe('queued')
  // The first has let go, the second asks.
  await until('it is asked anew', () => registry.requests.length === 2 && open === 1)
  expect(cancelImport(id, asking).state).toBe('cancelled')
  await until('nothing is asked', () => open === 0, 5000)
})

test('a wait that a clock which was ahead began ends when the clock is right again', () => {
  const deps = testConnections()
  const now = new Date('2026-03-04T12:00:00Z')
  ensureRegistry(
    deps.db,
    { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: 'https://reg.example' },
    now.toISOString(),
  )
  deps.db.$client.exec(`
    insert into image_import (source, registry_id, repository, state, requested_by, queued_at, not_before)
    values ('docker.io/library/debian:12', 'reg', 'base/debian', 'queued', 'Ada', '', ${Date.parse('2036-01-01')})`)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now })
  importer = startImporter({ ...deps, wakeRunner: () => undefined })
  expect(nextImportAt(deps.db)).toBe(now.getTime() + 256_000)
})

test('credentials of an import that failed are gone after a week, though nothing else is imported', () => {
  const deps = testConnections()
  ensureRegistry(
    deps.db,
    { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: 'https://reg.example' },
    '2026-03-04T12:00:00.000Z',
  )
  vi.useFakeTimers({
    toFake: ['setInterval', 'clearInterval', 'Date'],
    now: new Date('2026-03-04T12:00:00Z'),
  })
  importer = startImporter({ ...deps, wakeRunner: () => undefined })
  deps.db.$client
    .prepare(
      `insert into image_import (source, source_credentials, registry_id, repository, state, requested_by, queued_at,
         finished_at)
       values ('docker.io/library/debian:12', 'sealed', 'reg', 'base/debian', 'failed', 'Ada', @at, @at)`,
    )
    .run({ at: '2026-03-04T12:00:00.000Z' })
  const credentials = () =>
    deps.db.$client.prepare('select source_credentials from image_import').pluck().get()
  vi.advanceTimersByTime(6 * 24 * 60 * 60_000)
  expect(credentials()).toBe('sealed')
  vi.advanceTimersByTime(2 * 24 * 60 * 60_000)
  expect(credentials()).toBeNull()
})
