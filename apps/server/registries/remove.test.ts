import { newDisableRuleSchema, ruleListInputSchema } from '@plimsoll/types'
import { beforeEach, describe, expect, test } from 'vitest'
import { countFindings, listFindings } from '../findings/list.ts'
import { startInbox } from '../intake/inbox.ts'
import { ensureOccurrence, ensureRegistry, ensureRepository } from '../intake/places.ts'
import { enqueue, lease } from '../jobs/queue.ts'
import { listImages } from '../posture/images.ts'
import { getOverview } from '../posture/overview.ts'
import { getRegistry, listRegistries } from '../posture/registries.ts'
import { listRepositories } from '../posture/repositories.ts'
import { createRule } from '../rules/create.ts'
import { startRuleKeeper } from '../rules/keeper.ts'
import { listRules } from '../rules/list.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { leasedScan, scanned } from '../testdata/scanned.ts'
import { until } from '../testdata/server-process.ts'
import { changeRegistry } from './change.ts'
import { removeRegistry } from './remove.ts'
import { startSweeper, sweepRemoved } from './sweep.ts'
import { type TestConnections, testConnections } from './testdata/connections.ts'

const by = { name: 'Ada' }
const at = '2024-03-01T00:00:00.000Z'
let deps: TestConnections

/** Two registries, each with an image in which something is open. */
beforeEach(() => {
  deps = testConnections()
  for (const id of ['gone', 'stays']) {
    const url = `https://${id}.example`
    ensureRegistry(deps.db, { id, subscriptionId: 'main', name: id, kind: 'distribution', url }, at)
    const repository = ensureRepository(deps.db, id, 'team/api')
    ensureOccurrence(deps.db, repository, madeDigest(1), at)
    scanned(deps.db, repository, madeDigest(1), { matches: [madeMatch()] })
  }
})

const count = (table: string): number =>
  deps.db.$client.prepare(`select count(*) from ${table}`).pluck().get() as number
const openFilter = { status: 'open' } as const
const page = { page: 1, size: 25 } as const

describe('removing a registry', () => {
  test('leaves what waits in the inbox to the inbox, which takes it in for nothing', async () => {
    const { db, events, log } = deps
    const event = { id: 'e1', at, action: 'push', repository: 'team/api', digest: madeDigest(3), tag: '3' }
    db.$client
      .prepare('insert into event_inbox (registry_id, event, received_at) values (?, ?, ?)')
      .run('gone', JSON.stringify({ ...event, mediaType: null }), at)
    removeRegistry('gone', deps, by)
    expect(await sweepRemoved(db, new AbortController().signal)).toBe(1)
    // A row that went without its knowing would stand in its count for ever.
    expect(count('event_inbox')).toBe(1)
    const inbox = startInbox({
      db,
      events,
      log,
      wakeRunner: () => undefined,
      resolveTag: async () => await Promise.reject(new Error('no registry is asked here')),
    })
    await inbox.drained()
    await inbox.stop()
    expect([count('event_inbox'), count('occurrence')]).toEqual([0, 1])
    expect(deps.logged()).not.toContain('set aside')
  })

  test('takes it and all that is in it out of sight at once', () => {
    expect(countFindings(deps.db, openFilter)).toBe(2)
    expect(removeRegistry('gone', deps, by)).toEqual({ removed: true })
    expect(deps.removed).toEqual(['gone'])
    expect(listRegistries(deps.db).map(({ id }) => id)).toEqual(['stays'])
    expect(() => getRegistry(deps.db, 'gone')).toThrow('There is no registry gone.')
    expect(listRepositories(deps.db, 'gone')).toEqual([])
    expect(listImages(deps.db, { superseded: false, ...page }).total).toBe(1)
    expect(getOverview(deps.db)).toMatchObject({ images: { unhealthy: 1 }, findings: { open: { High: 1 } } })
    for (const filter of [
      openFilter,
      { ...openFilter, q: 'openssl' },
      { ...openFilter, registryId: 'gone' },
    ]) {
      const { rows, total } = listFindings(deps.db, { filter, sort: '-severity', ...page })
      expect(rows.map(({ registryId }) => registryId)).toEqual('registryId' in filter ? [] : ['stays'])
      expect(total).toBe(rows.length)
    }
    expect(() => removeRegistry('gone', deps, by)).toThrow('There is no registry gone.')
    expect(deps.logged()).toContain('"audit":"registry-removed"')
  })

  test('has no rule count what is in it, nor one that holds there alone be overridden', async () => {
    const { db, events, log } = deps
    const rules = startRuleKeeper({ db, events, log })
    const rule = async (scope: object, overrides = false): Promise<void> => {
      const criteria = { cves: ['CVE-2024-0001'] }
      await createRule(newDisableRuleSchema.parse({ name: 'A rule', scope, criteria, overrides }), {
        ...deps,
        rules,
        viewer: by,
      })
    }
    const tenant = { kind: 'tenant', id: 'tenant' }
    await rule({ ...tenant, digest: madeDigest(2) })
    await rule(tenant, true)
    const repository = ensureRepository(db, 'gone', 'team/api')
    ensureOccurrence(db, repository, madeDigest(2), at)
    const input = ruleListInputSchema.parse({ sort: 'disables' })
    const listed = () =>
      listRules(db, input, new Date())
        .rows.map(({ status, disables }) => [status, disables])
        .toReversed()
    expect(listed()).toEqual([
      ['active', 2],
      ['overridden', 0],
    ])
    removeRegistry('gone', deps, by)
    expect(listed()).toEqual([
      ['active', 1],
      ['stale', 0],
    ])
    expect(countFindings(db, { status: 'disabled' })).toBe(1)
    await rules.stop()
  })

  test('deletes its rules, also one that has expired and is only listed', async () => {
    const { db, events, log } = deps
    const rules = startRuleKeeper({ db, events, log })
    const now = new Date()
    const made = newDisableRuleSchema.parse({
      name: 'A rule',
      scope: { kind: 'registry', id: 'gone' },
      criteria: { cves: ['CVE-2024-0001'] },
    })
    const ruleDeps = { ...deps, rules, viewer: by }
    await createRule(made, ruleDeps)
    await createRule({ ...made, expiresAt: new Date(now.getTime() + 60_000).toISOString() }, ruleDeps)
    db.$client.exec(`update disable_rule set ended_at = expires_at, "end" = 'expired' where number = 2`)
    const listed = () => listRules(db, ruleListInputSchema.parse({}), now).total
    expect(listed()).toBe(2)
    removeRegistry('gone', deps, by)
    expect(listed()).toBe(0)
    await rules.stop()
  })

  test('calls off its scans, those that run too', () => {
    const running = leasedScan(deps.db, ensureRepository(deps.db, 'gone', 'team/api'), madeDigest(2))
    enqueue(deps.db, { repositoryId: running.repositoryId, digest: madeDigest(3), trigger: 'push' }, at)
    removeRegistry('gone', deps, by)
    expect(lease(deps.db, 'test', new Date())).toBeNull()
    expect(
      deps.db.$client.prepare('select state, lease_owner from scan where id = ?').get(running.id),
    ).toEqual({
      state: 'cancelled',
      lease_owner: null,
    })
  })

  test('deletes what is stored of it bit by bit, and nothing else; what was charged stays', async () => {
    const images = 1200
    const repository = ensureRepository(deps.db, 'gone', 'team/api')
    for (let number = 2; number <= images; number++) {
      ensureOccurrence(deps.db, repository, madeDigest(number), at)
    }
    const charges = () => deps.db.$client.prepare('select registry_id, digest from charge').all()
    const charged = charges()
    expect(charged).toEqual([{ registry_id: 'gone', digest: madeDigest(1) }])
    deps.db.$client.exec(`insert into webhook_event values ('gone', 'e1', '${at}')`)
    removeRegistry('gone', deps, by)
    // Broken off in between, as by the end of the server, and taken up again.
    const ending = new AbortController()
    const broken = sweepRemoved(deps.db, ending.signal)
    ending.abort()
    await broken
    expect(count('occurrence')).toBeGreaterThan(1)
    expect(await sweepRemoved(deps.db, new AbortController().signal)).toBe(1)
    expect(['registry', 'repository', 'occurrence', 'posture', 'finding', 'scan'].map(count)).toEqual([
      1, 1, 1, 1, 1, 1,
    ])
    expect([count('webhook_event'), charges()]).toEqual([0, charged])
    expect(countFindings(deps.db, openFilter)).toBe(1)
  })

  test('goes through images with many findings row by row', async () => {
    const matches = Array.from({ length: 600 }, (_, number) =>
      madeMatch({ vulnerabilityId: `CVE-2024-${10_000 + number}` }),
    )
    const repository = ensureRepository(deps.db, 'gone', 'team/many')
    ensureOccurrence(deps.db, repository, madeDigest(5), at)
    scanned(deps.db, repository, madeDigest(5), { matches })
    removeRegistry('gone', deps, by)
    const left: number[] = []
    // At every turn of the event loop, as others have theirs: a timer may come late.
    let watching = setImmediate(function watch() {
      left.push(count('finding'))
      watching = setImmediate(watch)
    })
    await sweepRemoved(deps.db, new AbortController().signal)
    clearImmediate(watching)
    expect([count('finding'), count('repository')]).toEqual([1, 1])
    expect(left.some(rows => rows > 1 && rows < 600)).toBe(true)
  })

  test('tries again by itself what could not be deleted', async () => {
    const { db, log } = deps
    db.$client.exec(
      `create trigger full before delete on finding begin select raise(abort, 'disk full'); end`,
    )
    removeRegistry('gone', deps, by)
    const sweeper = startSweeper({ db, log }, { retryMs: 5 })
    await until('it failed twice', () => /"retryInMs":5\D[^]*"retryInMs":10\D/.test(deps.logged()))
    expect(count('repository')).toBe(2)
    db.$client.exec('drop trigger full')
    await until('it is deleted', () => count('registry') === 1)
    await sweeper.stop()
    expect(deps.logged()).toContain('what was stored of removed registries is deleted')
  })
})

test('in another subscription other rules hold', async () => {
  const rules = startRuleKeeper(deps)
  const rule = newDisableRuleSchema.parse({
    scope: { kind: 'subscription', id: 'other' },
    name: 'This one',
    criteria: { cves: ['CVE-2024-0001'] },
  })
  await createRule(rule, { ...deps, rules, viewer: by })
  const disabled = () => countFindings(deps.db, { status: 'disabled' })
  expect([countFindings(deps.db, openFilter), disabled()]).toEqual([2, 0])
  changeRegistry({ registryId: 'gone', subscriptionId: 'other' }, deps, by)
  await rules.changed()
  expect([countFindings(deps.db, openFilter), disabled()]).toEqual([1, 1])
  expect(getRegistry(deps.db, 'gone').subscription.id).toBe('other')
  changeRegistry({ registryId: 'gone', subscriptionId: 'main' }, deps, by)
  await rules.changed()
  expect([countFindings(deps.db, openFilter), disabled()]).toEqual([2, 0])
  expect(deps.logged()).toContain('"from":"main","to":"other"')
})
