import { type NewDisableRule, newDisableRuleSchema } from '@plimsoll/types'
import pino from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { countFindings } from '../findings/list.ts'
import { recordFindings } from '../findings/record.ts'
import { deleteDigest } from '../intake/deletion.ts'
import { ensureOccurrence, ensureRepository } from '../intake/places.ts'
import { pointTag, removeTag } from '../intake/tags.ts'
import { totals } from '../posture/recommendation.ts'
import { removeRegistry } from '../registries/remove.ts'
import { testConnections } from '../registries/testdata/connections.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { until } from '../testdata/server-process.ts'
import { createRule } from './create.ts'
import { type RuleKeeper, startRuleKeeper } from './keeper.ts'
import { listRules } from './list.ts'

const at = '2024-03-01T00:00:00.000Z'
const minute = 60_000

let db: Db
let time: number
let base: Parameters<typeof startRuleKeeper>[0]
beforeEach(() => {
  db = openInMemory()
  time = Date.now()
  base = { db, events: createEventBus(), log: pino({ level: 'silent' }), now: () => new Date(time) }
})

const rule = (scope: Partial<NewDisableRule['scope']> = {}, more: object = {}): NewDisableRule =>
  newDisableRuleSchema.parse({
    name: 'A rule',
    scope: { kind: 'tenant', id: 'tenant', ...scope },
    criteria: { cves: ['CVE-2024-0001'] },
    ...more,
  })

const create = async (rules: RuleKeeper, made: NewDisableRule): Promise<string> =>
  (await createRule(made, { ...base, rules, viewer: { name: 'Ada' } })).id

const listed = () => listRules(db, { sort: '-saved', page: 1, size: 200 }, new Date(time)).rows

const counted = () => ({
  open: countFindings(db, { status: 'open' }),
  disabled: countFindings(db, { status: 'disabled' }),
})

function image(number: number, repository = 'team/api'): number {
  const id = madeOccurrence(db, { repository, digest: madeDigest(number) })
  recordFindings(db, id, [madeMatch(), madeMatch({ vulnerabilityId: 'CVE-2024-0002' })], [], at)
  return id
}

test('a rule ends at its moment, also when the machine slept through it', async () => {
  image(1)
  const rules = startRuleKeeper(base)
  await create(rules, rule({}, { expiresAt: new Date(time + 90 * minute).toISOString() }))
  expect(counted()).toEqual({ open: 1, disabled: 1 })
  time += 90 * minute - 1
  await rules.upToDate()
  expect(counted()).toEqual({ open: 1, disabled: 1 })
  time += 1
  await rules.upToDate()
  expect(counted()).toEqual({ open: 2, disabled: 0 })
  expect(totals(db).findings).toMatchObject({ disabled: 0 })
  expect(listed()).toMatchObject([{ status: 'expired', disables: 0 }])
  await rules.stop()
})

test('a rule that came to its end while the server was down has ended when it starts', async () => {
  image(1)
  const rules = startRuleKeeper(base)
  await create(rules, rule({}, { expiresAt: new Date(time + minute).toISOString() }))
  await rules.stop()
  time += 24 * 60 * minute
  const again = startRuleKeeper(base)
  await again.upToDate()
  expect(counted()).toEqual({ open: 2, disabled: 0 })
  await again.stop()
})

test('nobody reads what a rule disabled while its end is being applied', async () => {
  for (let number = 1; number <= 400; number += 1) image(number, `team/${number % 7}`)
  const rules = startRuleKeeper(base)
  await create(rules, rule({}, { expiresAt: new Date(time + minute).toISOString() }))
  time += minute
  const first = rules.upToDate()
  // From here on no rule is about to end: this one has, and holds for the images that were not come to.
  const end = db.$client.prepare('select "end" from disable_rule').pluck()
  while (end.get() === null) await new Promise(resolve => setImmediate(resolve))
  expect(counted().disabled).toBeGreaterThan(0)
  await rules.upToDate()
  expect(counted()).toEqual({ open: 800, disabled: 0 })
  await first
  await rules.stop()
})

test('a rule ends by itself when nobody asks', async () => {
  image(1)
  const rules = startRuleKeeper({ ...base, now: () => new Date() })
  await createRule(rule({}, { expiresAt: new Date(Date.now() + 300).toISOString() }), {
    ...base,
    now: () => new Date(),
    rules,
    viewer: { name: 'Ada' },
  })
  expect(counted().disabled).toBe(1)
  await until('the rule has ended', () => counted().disabled === 0)
  await rules.stop()
})

test('a rule that a killed server was applying is applied to the end by the next, and counts agree with lists all the way', async () => {
  for (let number = 1; number <= 400; number += 1) image(number, `team/${number % 7}`)
  let rules = startRuleKeeper(base)
  const applying = create(rules, rule())
  let starts = 0
  const seen: number[] = []
  while (counted().disabled < 400) {
    await new Promise(resolve => setImmediate(resolve))
    const { disabled, open } = counted()
    expect(totals(db).findings.disabled).toBe(disabled)
    expect(open + disabled).toBe(800)
    seen.push(disabled)
    // As a kill does, which leaves what was committed.
    if (seen.length % 3 === 0 && starts < 5) {
      starts += 1
      await rules.stop()
      rules = startRuleKeeper(base)
    }
    if (seen.length > 5000) throw new Error('it does not come to its end')
  }
  await applying
  await rules.upToDate()
  expect(counted()).toEqual({ open: 400, disabled: 400 })
  expect(starts).toBeGreaterThan(0)
  expect(new Set(seen).size).toBeGreaterThan(2)
  await rules.stop()
})

test('what is new under a rule is disabled with the transaction that records it', async () => {
  image(1)
  const rules = startRuleKeeper(base)
  await create(rules, rule({ repository: 'team/*' }))
  image(2)
  image(3, 'other')
  expect(counted()).toEqual({ open: 4, disabled: 2 })
  recordFindings(db, image(4), [madeMatch(), madeMatch({ sourceName: 'zlib', feed: 'Debian:13' })], [], at)
  expect(counted()).toEqual({ open: 4, disabled: 4 })
  await rules.stop()
})

test('a rule for tags follows them, by an index too', async () => {
  const [first, second] = [image(1), image(2)]
  const repositoryId = ensureRepository(db, 'reg', 'team/api')
  const rules = startRuleKeeper(base)
  await create(rules, rule({ tag: 'dev*' }))
  const disabledImages = () =>
    db.$client.prepare('select occurrence_id from posture where disabled > 0 order by 1').pluck().all()
  const tag = (name: string, number: number, time = at): void =>
    pointTag(db, { repositoryId, name, digest: madeDigest(number), eventAt: time, at: time })
  expect(disabledImages()).toEqual([])
  tag('dev-1', 1)
  tag('1.0', 2)
  expect(disabledImages()).toEqual([first])
  tag('dev-1', 2, '2024-03-02T00:00:00.000Z')
  expect(disabledImages()).toEqual([second])
  removeTag(db, { repositoryId, name: 'dev-1', eventAt: null, at })
  expect(disabledImages()).toEqual([])
  const index = ensureOccurrence(db, repositoryId, madeDigest(9), at)
  expect(index.id).toBeGreaterThan(0)
  db.$client
    .prepare('insert into index_member (index_digest, digest) values (?, ?)')
    .run(madeDigest(9), madeDigest(1))
  tag('dev-all', 9)
  expect(disabledImages()).toEqual([first])
  // The index goes with its tag, the image stays by its own.
  tag('2.0', 1)
  deleteDigest(db, { repositoryId, digest: madeDigest(9), eventAt: null, at })
  expect(disabledImages()).toEqual([])
  await rules.stop()
})

test('the rules of a registry that is taken out end with it, though another may get its id', async () => {
  const connections = { ...testConnections(), db }
  image(1)
  db.$client.exec(`update registry set url = 'https://reg.example'`)
  const rules = startRuleKeeper(base)
  await create(rules, rule({ kind: 'registry', id: 'reg' }))
  expect(counted().disabled).toBe(1)
  removeRegistry('reg', connections, { name: 'Ada' })
  await rules.changed()
  expect(listed()).toEqual([])
  expect(db.$client.prepare(`select ended_by, "end" from disable_rule`).all()).toEqual([
    { ended_by: 'Ada', end: 'deleted' },
  ])
  await rules.stop()
})

test('a rule needs a place that is there, and an end that is to come', async () => {
  const rules = startRuleKeeper(base)
  await expect(create(rules, rule({ kind: 'registry', id: 'nowhere' }))).rejects.toThrow(
    'There is no registry nowhere.',
  )
  await expect(create(rules, rule({ kind: 'management-group', id: 'tenant' }))).rejects.toThrow(
    'There is no management group',
  )
  await expect(create(rules, rule({}, { expiresAt: '2024-01-01T00:00:00.000Z' }))).rejects.toThrow(
    'expired already',
  )
  expect(listed()).toEqual([])
  await rules.stop()
})
