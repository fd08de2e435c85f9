import type { ScanSummary } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { askedQuery, isOutdated } from './live-changes.ts'

const digest = `sha256:${'1'.repeat(64)}`
const occurrence = { registryId: 'r1', repository: 'team/api', digest }

const scanOf = (state: ScanSummary['state']): ScanSummary => ({
  ...occurrence,
  id: 's1',
  registryName: 'samples',
  tags: ['1.0'],
  trigger: 'push',
  state,
  progress: { stage: 'pulling', layersDone: 1, layersTotal: 3, bytesDone: 1, bytesTotal: 9, packages: null },
  error: null,
  attempts: 1,
  lane: 0,
  requestedBy: null,
  queuedAt: '2026-11-21T05:00:00.000Z',
  startedAt: null,
  finishedAt: null,
})

const ask = (path: string, input?: unknown) => ({ path, input })

test('a scan that is new makes the lists of scans out of date, and nothing while it goes on', () => {
  const first = { type: 'scan', scan: scanOf('running'), isNew: true } as const
  expect(isOutdated(ask('scans.list', { page: 1 }), first)).toBe(true)
  expect(isOutdated(ask('images.scans', occurrence), first)).toBe(true)
  expect(isOutdated(ask('images.list', { registryId: 'r1' }), first)).toBe(false)
  expect(isOutdated(ask('overview.get'), first)).toBe(false)
  expect(isOutdated(ask('scans.list', { page: 1 }), { ...first, isNew: false })).toBe(false)
})

test.each(['done', 'failed', 'cancelled'] as const)(
  'a scan that is %s makes its image, repository and overview out of date',
  state => {
    const event = { type: 'scan', scan: scanOf(state), isNew: false } as const
    expect(isOutdated(ask('images.get', occurrence), event)).toBe(true)
    expect(isOutdated(ask('images.get', { ...occurrence, repository: 'team/web' }), event)).toBe(false)
    expect(isOutdated(ask('repositories.list', { registryId: 'r1' }), event)).toBe(true)
    expect(isOutdated(ask('repositories.list', { registryId: 'r2' }), event)).toBe(false)
    expect(isOutdated(ask('overview.get'), event)).toBe(true)
    expect(isOutdated(ask('users.list'), event)).toBe(false)
  },
)

test('changed findings make every count out of date and leave the rest', () => {
  const event = { type: 'changed', what: 'findings' } as const
  for (const path of [
    'findings.list',
    'overview.get',
    'recommendations.get',
    'registries.list',
    'rules.list',
    'images.packages',
    'notices.list',
  ]) {
    expect(isOutdated(ask(path), event), path).toBe(true)
  }
  expect(isOutdated(ask('session.get'), event)).toBe(false)
  expect(isOutdated(ask('images.scans', occurrence), event)).toBe(false)
})

test('changed rules make the timelines out of date that lead to them', () => {
  const event = { type: 'changed', what: 'rules' } as const
  for (const path of ['rules.get', 'overview.trend', 'findings.get'])
    expect(isOutdated(ask(path), event), path).toBe(true)
  expect(isOutdated(ask('findings.list'), event)).toBe(false)
})

test('keys are read as tRPC writes them, and others are left alone', () => {
  expect(askedQuery([['images', 'get'], { input: occurrence, type: 'query' }])).toEqual({
    path: 'images.get',
    input: occurrence,
  })
  expect(askedQuery([['overview', 'get']])).toEqual({ path: 'overview.get', input: undefined })
  expect(askedQuery(['elsewhere'])).toBeNull()
})

test.each(['scopes', 'registries'] as const)(
  'what is narrowed to a scope is out of date when %s change, for other registries may be in it',
  what => {
    const scope = { kind: 'management-group', ids: ['plants'] }
    const change = { type: 'changed', what } as const
    expect(isOutdated(ask('imports.list', { page: 1, scope }), change)).toBe(true)
    expect(isOutdated(ask('findings.list', { filter: { status: 'open', scope } }), change)).toBe(true)
    expect(isOutdated(ask('imports.list', { page: 1, scope: undefined }), change)).toBe(false)
    expect(isOutdated(ask('imports.list', { page: 1, scope }), { ...change, what: 'clusters' })).toBe(false)
  },
)
