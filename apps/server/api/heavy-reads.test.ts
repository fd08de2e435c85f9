import { expect, test } from 'vitest'
import type { HeavyReads } from '../posture/heavy-reads.ts'
import type { Context } from './context.ts'
import { appRouter } from './router.ts'

const registryId = 'reg'

test('what goes over all images, scans or findings is read in another thread', async () => {
  const asked: unknown[] = []
  const heavyReads = new Proxy({} as HeavyReads, {
    get:
      (_, read) =>
      async (...input: readonly unknown[]) => {
        asked.push([read, ...input])
        return {}
      },
  })
  // Without a database: what looks into it in this thread fails.
  const viewer = { id: '1', name: 'Ada', role: 'Security Reader' }
  const api = appRouter.createCaller({
    heavyReads,
    viewer,
    rules: { upToDate: async () => undefined },
  } as unknown as Context)
  await api.overview.get()
  await api.recommendations.list()
  await api.recommendations.get()
  await api.recommendations.securityChecks({})
  await api.registries.list()
  await api.registries.get({ registryId })
  await api.repositories.list({ registryId })
  await api.repositories.get({ registryId, name: 'team/api' })
  await api.images.list({})
  await api.scans.list({ state: 'failed' })
  await api.scopes.tree()
  await api.subscriptions.get({ id: 'main' })
  await api.overview.raise()
  await api.rules.list()
  await api.rules.places()
  await api.findings.vulnerabilities({ ids: ['1'] })
  await api.scans.ofChosen({ ids: ['1'] })
  const page = { page: 1, size: 50 }
  expect(asked).toEqual([
    ['overview', undefined],
    ['recommendations', { now: expect.any(String) }],
    ['recommendation', { now: expect.any(String) }],
    ['securityChecks', { tab: 'findings', sort: '-severity', ...page }],
    ['registries', undefined],
    ['registry', registryId],
    ['repositories', registryId],
    ['repository', registryId, 'team/api'],
    ['images', { superseded: false, ...page }],
    ['scans', { state: 'failed', ...page }],
    ['tree'],
    ['subscription', 'main'],
    ['raise', undefined],
    ['rules', { now: expect.any(String), sort: '-saved', ...page }],
    ['rulesAtPlaces', { now: expect.any(String) }],
    ['chosenVulnerabilities', { ids: ['1'] }],
    ['scansOfChosen', { ids: ['1'] }],
  ])
})
