import { expect, test } from 'vitest'
import { notStarted } from '../cli/registry-answers.ts'
import { ensureRegistry } from '../intake/places.ts'
import { getRegistry } from '../posture/registries.ts'
import { connectAtStart } from './at-start.ts'
import { changeRegistry } from './change.ts'
import { removeRegistry } from './remove.ts'
import { testConnections } from './testdata/connections.ts'
import { rotateWebhookSecret } from './webhook-secret.ts'

const at = '2026-03-04T12:00:00.000Z'
const by = { name: 'Ada' }

test('of the demonstration’s registry it is said what it is, whatever is asked of it', () => {
  const deps = testConnections()
  const samples = { id: 'samples', subscriptionId: 'main', name: 'Samples', kind: 'demonstration' } as const
  ensureRegistry(deps.db, { ...samples, url: null }, at)
  for (const ask of [
    () => changeRegistry({ registryId: 'samples', name: 'x' }, deps, by),
    () => removeRegistry('samples', deps, by),
    () => rotateWebhookSecret('samples', deps, by),
  ])
    expect(ask).toThrow('samples is the demonstration, and no connected registry.')
  const detail = { ...getRegistry(deps.db, 'samples'), webhook: null }
  expect(notStarted(detail).message).toContain('Samples is the demonstration')
  expect(notStarted({ ...detail, kind: 'harbor', plan: 'off' }).message).toBe(
    'The plan of its subscription, main, is off.',
  )
})

test('a start that names a connected registry by the other protocol connects no second one', () => {
  const deps = testConnections()
  const { db } = deps
  const id = connectAtStart(db, 'https://registry.example:5000', at)
  expect(connectAtStart(db, 'http://registry.example:5000', at)).toBe(id)
  expect(connectAtStart(db, 'http://registry.example:443', at)).not.toBe(id)
  const byDefault = connectAtStart(db, 'https://other.example', at)
  expect(connectAtStart(db, 'http://other.example:443', at)).toBe(byDefault)
  const plain = connectAtStart(db, 'http://other.example', at)
  expect(plain).not.toBe(byDefault)
  // Both are called by their host. What is not renamed can be changed all the same.
  changeRegistry({ registryId: plain, name: 'other.example', resourceGroup: 'prod' }, deps, by)
  expect(getRegistry(db, plain)).toMatchObject({ name: 'other.example', resourceGroup: 'prod' })
})
