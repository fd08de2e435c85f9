import type { Scope } from '@plimsoll/types'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listCharges, listMonths } from '../billing/ledger.ts'
import { openInMemory } from '../db/open.ts'
import { countFindings, listFindings } from '../findings/list.ts'
import { listImports } from '../imports/store.ts'
import { listScans } from '../jobs/list.ts'
import { queueState } from '../jobs/queue-state.ts'
import { listNotices } from '../notices/list.ts'
import { listImages } from '../posture/images.ts'
import { getOverview } from '../posture/overview.ts'
import { raiseScore } from '../posture/raise.ts'
import { getRecommendation } from '../posture/recommendation.ts'
import { listRegistries } from '../posture/registries.ts'
import { listCauses, noteCause } from '../posture/score-causes.ts'
import { storeSnapshot, takeSnapshot } from '../posture/score-snapshot.ts'
import { scoreTrend } from '../posture/score-trend.ts'
import { listSecurityChecks } from '../posture/security-checks.ts'
import { madeDigest, madeOccurrence } from '../testdata/fleet.ts'
import { choices, groupId, plant, type Tree, trees } from './testdata/trees.ts'
import { requireScope } from './within.ts'

const at = '2024-02-01T00:00:00.000Z'

test('what is within a scope is listed, counted and scored there, and nothing else', () => {
  fc.assert(
    fc.property(trees, choices, (tree, { kind, numbers }) => {
      const db = openInMemory()
      plant(db, tree)
      const known: Readonly<Record<Scope['kind'], readonly string[]>> = {
        'management-group': [-1, ...tree.groups.keys()].map(groupId),
        subscription: [...new Set(tree.registries.filter(hasImage).map(each => `s${each.subscription}`))],
        registry: [...tree.registries.entries()].filter(([, each]) => hasImage(each)).map(([at]) => `r${at}`),
      }
      const ids = [...new Set(numbers.flatMap(number => known[kind][number % known[kind].length] ?? []))]
      fc.pre(ids.length > 0)
      const scope: Scope = { kind, ids }
      requireScope(db, scope)

      // The oracle: up from each registry.
      const groupsOf = (index: number): string[] =>
        index < 0 ? ['tenant'] : [groupId(index), ...groupsOf(tree.groups[index] ?? -1)]
      const isWithin = (registry: number): boolean => {
        const subscription = tree.registries[registry]?.subscription ?? 0
        const names: Readonly<Record<Scope['kind'], readonly string[]>> = {
          registry: [`r${registry}`],
          subscription: [`s${subscription}`],
          'management-group': groupsOf(tree.subscriptions[subscription]?.group ?? -1),
        }
        return names[kind].some(name => ids.includes(name))
      }
      const all = [...tree.registries.entries()].filter(([, each]) => hasImage(each))
      const within = all.filter(([index]) => isWithin(index))
      const counting = within.filter(([, { subscription }]) => tree.subscriptions[subscription]?.on)
      const images = (of: typeof all): number => sum(of.map(([, each]) => each.images.length))
      const findings = (of: typeof all): number => sum(of.map(([, each]) => sum(each.images)))
      const names = within.map(([index]) => `r${index}`)
      const unhealthy = counting.filter(([, each]) => sum(each.images) > 0).length
      const page = { page: 1, size: 200 }

      expect(listRegistries(db, scope).map(({ id }) => id)).toEqual(names.toSorted())
      expect(listImages(db, { scope, superseded: false, ...page }).total).toBe(images(counting))
      const filter = { status: 'open', scope } as const
      const listed = listFindings(db, { filter, sort: '-severity', ...page, size: 200 })
      expect([listed.total, listed.rows.length]).toEqual([findings(counting), findings(counting)])
      expect(countFindings(db, { ...filter, q: 'cve' })).toBe(findings(counting))
      const overview = getOverview(db, scope)
      expect(overview.registries).toEqual({
        unhealthy,
        healthy: counting.length - unhealthy,
        notApplicable: within.length - counting.length,
      })
      expect(overview.score.percentage).toBe(
        counting.length === 0 ? null : (counting.length - unhealthy) / counting.length,
      )
      const recommendation = getRecommendation(db, scope)
      expect(recommendation.totalFindings).toBe(findings(counting))
      expect(recommendation.scannedImages).toBe(images(counting))
      expect(sum(recommendation.registriesWithMost.map(each => each.findings)) <= findings(counting)).toBe(
        true,
      )
      const checks = listSecurityChecks(db, { scope, tab: 'findings', sort: 'id', ...page })
      expect(sum(checks.rows.map(row => row.appliesToImages))).toBe(findings(counting))
      expect(sum(raiseScore(db, scope).map(raise => raise.findings))).toBe(findings(counting))
      expect(listScans(db, { scope, ...page })).toMatchObject({
        total: images(within),
        queued: images(within),
      })
      expect(sum(queueState(db, 2, scope).byRegistry.map(each => each.queued))).toBe(images(within))
      expect(listNotices(db, 0, scope).total).toBe(
        sum(counting.map(([, each]) => each.images.filter(number => number > 0).length)),
      )
      expect(listImports(db, { scope, ...page }).total).toBe(images(within))
      expect(listCharges(db, { month: '2024-02', scope, ...page }).total).toBe(images(within))
      expect(sum(listMonths(db, { scope }).map(month => month.images))).toBe(images(within))
      storeSnapshot(db, '2024-02-01', takeSnapshot(db))
      const { points } = scoreTrend(db, { days: 2, today: '2024-02-02', scope })
      const isStored = within.length > 0
      expect(points.map(point => point.registries)).toEqual(
        Array.from({ length: isStored ? 2 : 1 }, () => overview.registries),
      )
      expect(points.at(-1)?.open.High).toBe(findings(counting))
      db.$client.close()
    }),
    { numRuns: 150 },
  )
})

const hasImage = ({ images }: Tree['registries'][number]): boolean => images.length > 0
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

test('a scope that names what is not there is refused', () => {
  const db = openInMemory()
  madeOccurrence(db, { subscription: 'line-1', registry: 'r1', digest: madeDigest(1) })
  const refused = (kind: Scope['kind'], ...ids: readonly string[]) =>
    expect(() => requireScope(db, { kind, ids: [...ids] }))
  refused('subscription', 'line-1', 'line-2').toThrow('There is no subscription line-2.')
  refused('registry', 'line-1').toThrow('There is no registry line-1.')
  refused('management-group', 'line-1').toThrow('There is no management group line-1.')
  refused('management-group', 'tenant').not.toThrow()
  db.$client.prepare(`update registry set removed_at = '${at}'`).run()
  refused('registry', 'r1').toThrow('There is no registry r1.')
})

test('causes are told where they were: a move in both subscriptions, advisories everywhere', () => {
  const db = openInMemory()
  for (const name of ['one', 'two', 'three']) {
    madeOccurrence(db, { subscription: name, registry: `of-${name}`, digest: madeDigest(name.length) })
  }
  db.$client.prepare(`update registry set subscription_id = 'two' where id = 'of-one'`).run()
  const by = 'Ada'
  noteCause(db, { at, kind: 'registry-moved', id: 'of-one', name: 'of-one', by }, 'one')
  noteCause(db, { at, kind: 'plan-off', id: 'three', name: 'three', by })
  noteCause(db, { at, kind: 'advisories-imported', id: null, name: 'osv', by: null })
  const told = (kind: Scope['kind'], id: string) =>
    listCauses(db, '2024-01-01', { kind, ids: [id] }).map(cause => cause.kind)
  expect(told('subscription', 'one')).toEqual(['registry-moved', 'advisories-imported'])
  expect(told('subscription', 'two')).toEqual(['registry-moved', 'advisories-imported'])
  expect(told('subscription', 'three')).toEqual(['plan-off', 'advisories-imported'])
  expect(told('registry', 'of-one')).toEqual(['registry-moved', 'advisories-imported'])
  expect(told('registry', 'of-three')).toEqual(['plan-off', 'advisories-imported'])
  expect(told('management-group', 'tenant')).toHaveLength(3)
})
