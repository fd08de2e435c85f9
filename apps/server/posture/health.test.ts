import type { ImageCounts } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { healthOfRegistry, healthOfRepository, healthOfResource, reasonOfImage } from './health.ts'

const none: ImageCounts = {
  unhealthy: 0,
  healthy: 0,
  undecided: 0,
  notApplicable: 0,
  notScanned: 0,
  failed: 0,
}

test.each([
  [{}, 'not-scanned', 'There is no image in it yet.'],
  [{ unhealthy: 1, failed: 2 }, 'unhealthy', null],
  [{ healthy: 3, notApplicable: 2 }, 'healthy', null],
  [{ notApplicable: 2 }, 'not-applicable', 'None of its images can be assessed.'],
  [{ failed: 2 }, 'failed', 'Nothing is open, but not all is known: 2 images that could not be scanned.'],
  [{ notScanned: 1 }, 'not-scanned', 'Nothing is open, but not all is known: one image not scanned yet.'],
  [
    { healthy: 5, undecided: 1, notScanned: 2, failed: 1 },
    'undecided',
    'Nothing is open, but not all is known: one image not judged to the end, 2 images not scanned yet and one image that could not be scanned.',
  ],
] as const)('a resource with %o is %s', (counts, health, healthReason) => {
  expect(healthOfResource({ ...none, ...counts })).toEqual({ health, healthReason })
})

const state = {
  planOff: false,
  superseded: false,
  deleted: null,
  coverage: null,
  undetermined: 0,
  scannedAt: '2024-03-01T00:00:00.000Z',
  scan: null,
}

test('an image that is what it seems gives no reason', () => {
  expect(reasonOfImage({ ...state, health: 'healthy' })).toBeNull()
  expect(reasonOfImage({ ...state, health: 'unhealthy' })).toBeNull()
})

test('an image that is gone says so, and not what was found in it', () => {
  const gone = { ...state, health: 'not-applicable', superseded: true, undetermined: 3 } as const
  expect(reasonOfImage({ ...gone, deleted: 'itself' })).toBe('It was deleted from its registry.')
  expect(reasonOfImage({ ...gone, deleted: 'with-index' })).toBe(
    'Its index was deleted; nothing else leads to it.',
  )
})

test('a repository that was emptied does not wait for its first image', () => {
  const holdsNone = { health: 'not-applicable', healthReason: 'It holds no image now.' }
  expect(healthOfRepository(none, { plan: 'on', emptied: true })).toEqual(holdsNone)
  expect(healthOfRepository(none, { plan: 'on', emptied: false }).health).toBe('not-scanned')
  expect(healthOfRepository(none, { plan: 'off', emptied: true }).healthReason).toMatch('plan')
})

test('a result that a newer scan failed to replace says so', () => {
  const scan = { state: 'failed', error: { message: 'Layer 1 is broken.' } }
  expect(reasonOfImage({ ...state, health: 'healthy', scan })).toBe(
    'The newest scan failed, this is the result of 2024-03-01T00:00:00.000Z: Layer 1 is broken.',
  )
})

test('what was not read and what cannot be told are named', () => {
  const coverage = {
    status: 'partial' as const,
    reasons: [{ code: 'limit-time' as const, message: 'It took too long.' }],
    packages: {},
    feeds: [],
  }
  expect(reasonOfImage({ ...state, health: 'undecided', coverage, undetermined: 2 })).toBe(
    'Of 2 findings it cannot be told whether they hold. It took too long.',
  )
})

test('a registry that was never reached is not assessed; one that was keeps its results', () => {
  const trouble = 'https://registry.example cannot be reached: there is no route to it.'
  const never = { plan: 'on', reached: false, trouble } as const
  expect(healthOfRegistry(none, never)).toEqual({
    health: 'not-applicable',
    healthReason: `It was never reached: ${trouble}`,
  })
  // It told of a push, or was there before.
  expect(healthOfRegistry({ ...none, unhealthy: 1 }, never).health).toBe('unhealthy')
  expect(healthOfRegistry({ ...none, healthy: 1 }, { ...never, reached: true }).health).toBe('healthy')
  expect(healthOfRegistry(none, { ...never, reached: true }).health).toBe('not-scanned')
  expect(healthOfRegistry(none, { ...never, trouble: null }).health).toBe('not-scanned')
})
