import { newRegistrySchema } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { importSnapshot } from '../advisories/import.ts'
import { setPlan } from '../plans/set-plan.ts'
import { connectAtStart } from '../registries/at-start.ts'
import { changeRegistry } from '../registries/change.ts'
import { connectRegistry } from '../registries/connect.ts'
import { removeRegistry } from '../registries/remove.ts'
import { testConnections } from '../registries/testdata/connections.ts'
import { listCauses } from './score-causes.ts'

const by = { name: 'Ada' }

test('what may change the score says so itself, once and with who did it', async () => {
  const deps = testConnections()
  const { db } = deps
  const causes = () => listCauses(db, '2024-01-01').map(({ kind, name, by: who }) => [kind, name, who])

  connectAtStart(db, 'https://start.example', new Date().toISOString())
  connectAtStart(db, 'https://start.example', new Date().toISOString())
  const input = newRegistrySchema.parse({
    subscriptionId: 'main',
    name: 'Refused',
    address: 'https://127.0.0.1:9',
    kind: 'distribution',
    untested: true,
  })
  const registryId = await connectRegistry(input, deps, by)
  changeRegistry({ registryId, subscriptionId: 'other' }, deps, by)
  changeRegistry({ registryId, subscriptionId: 'other' }, deps, by)
  removeRegistry(registryId, deps, by)
  expect(causes()).toEqual([
    ['registry-connected', 'start.example', null],
    ['registry-connected', 'Refused', 'Ada'],
    ['registry-moved', 'Refused', 'Ada'],
    ['registry-removed', 'Refused', 'Ada'],
  ])
})

test('a plan that is turned to what it is changes nothing', async () => {
  const { db, events, log } = testConnections()
  const reconciler = { wake: () => false }
  const deps = { db, events, log, viewer: by, reconciler, wakeRunner: () => undefined }
  for (const plan of ['on', 'off', 'off', 'on'] as const) await setPlan({ id: 'main', plan }, deps)
  expect(listCauses(db, '2024-01-01')).toMatchObject([
    { kind: 'plan-off', id: 'main', name: 'main', by: 'Ada' },
    { kind: 'plan-on', id: 'main', name: 'main', by: 'Ada' },
  ])
})

test('an import that brings nothing new is no cause', async () => {
  const { db } = testConnections()
  const record = {
    id: 'DEBIAN-CVE-2024-0001',
    modified: '2024-03-01T00:00:00Z',
    affected: [{ package: { ecosystem: 'Debian:12', name: 'openssl' }, versions: ['3.0.11-1'] }],
  }
  const bring = async (records: readonly unknown[], day: string): Promise<void> =>
    await importSnapshot(db, { records, cveFacts: [], kev: null }, new Date(day))
  await bring([record], '2024-03-01')
  await bring([record], '2024-03-02')
  await bring([], '2024-03-03')
  expect(listCauses(db, '2024-01-01').map(({ kind, at }) => [kind, at.slice(0, 10)])).toEqual([
    ['advisories-imported', '2024-03-01'],
    ['advisories-imported', '2024-03-03'],
  ])
})
