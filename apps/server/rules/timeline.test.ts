import { type FindingEvent, type NewDisableRule, newDisableRuleSchema } from '@plimsoll/types'
import fc from 'fast-check'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { getFinding } from '../findings/get.ts'
import { recordFindings } from '../findings/record.ts'
import { ensureRepository } from '../intake/places.ts'
import { moveTag } from '../intake/tags.ts'
import { endedKept, enqueue, fail, finish, lease } from '../jobs/queue.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { changeRule } from './change.ts'
import { createRule } from './create.ts'
import { deleteRule } from './delete.ts'
import { type RuleKeeper, startRuleKeeper } from './keeper.ts'
import { fleets } from './testdata/fleets.ts'
import { play } from './testdata/play.ts'

const hour = 60 * 60_000

let db: Db
let time: number
let rules: RuleKeeper
let base: Parameters<typeof startRuleKeeper>[0]
let image: number
beforeEach(() => {
  db = openInMemory()
  time = Date.parse('2024-03-01T00:00:00.000Z')
  base = { db, events: createEventBus(), log: pino({ level: 'silent' }), now: () => new Date(time) }
  rules = startRuleKeeper(base)
  image = madeOccurrence(db, { digest: madeDigest(1) })
})
afterEach(() => rules.stop())

const at = (): string => new Date(time).toISOString()
const later = (hours = 1): void => {
  time += hours * hour
}
const record = (...matches: Parameters<typeof madeMatch>[0][]): void => {
  recordFindings(db, image, matches.map(madeMatch), [], at())
}
/** Scans the image; a scan has an hour of its own. @param matches null: it fails. */
const scan = (matches: Parameters<typeof madeMatch>[0][] | null): void => {
  later()
  const place = { repositoryId: ensureRepository(db, 'reg', 'team/api'), digest: madeDigest(1) }
  enqueue(db, { ...place, trigger: 'request' }, at())
  const leased = lease(db, 'worker', new Date(time))
  if (leased === null) throw new Error('the scan that was just asked for is not there')
  if (matches === null) {
    fail(db, leased, { code: 'layer-corrupt', message: 'No.', hint: null }, new Date(time))
  } else {
    record(...matches)
    finish(db, leased, 1, at())
  }
}
const deps = (name = 'Ada') => ({ ...base, rules, viewer: { name } })
const rule = (more: Partial<NewDisableRule> = {}): NewDisableRule =>
  newDisableRuleSchema.parse({
    name: 'Not here',
    scope: { kind: 'tenant', id: 'tenant' },
    criteria: { cves: ['CVE-2024-0001'] },
    reason: 'not-exploitable',
    justification: 'It listens to nobody.',
    ...more,
  })
const create = async (more: Partial<NewDisableRule> = {}): Promise<string> =>
  (await createRule(rule(more), deps())).id

/** Its events in short: `09 disabled Not here`. Hours since the beginning come first. */
const told = (): string[] => toldOf(db.$client.prepare('select min(id) from finding').pluck().get() as number)
const toldOf = (id: number): string[] =>
  getFinding(db, String(id)).timeline.map(event => {
    return [hoursOf(event.at), event.kind, ...detailsOf(event)].join(' ')
  })
const hoursOf = (moment: string): string =>
  String((Date.parse(moment) - Date.parse('2024-03-01T00:00:00.000Z')) / hour)
function detailsOf(event: FindingEvent): string[] {
  if (event.kind === 'rescanned') {
    return [String(event.times), ...(event.atLeast ? ['or more'] : []), 'until', hoursOf(event.lastAt)]
  }
  if (event.kind === 'closed') return [event.reason ?? 'for no reason']
  if (event.kind === 'disabled' || event.kind === 'rule-changed') return [event.rule.name]
  if (event.kind !== 'rule-lost') return []
  const { rule, because, by, reopened } = event
  return [rule.name, because, ...(by === null ? [] : [`by ${by}`]), ...(reopened ? ['and reopened'] : [])]
}

test('a rule is told with who saved it, why and until when, and who deleted it', async () => {
  record({})
  later()
  const expiresAt = new Date(time + 9 * hour).toISOString()
  const id = await create({ expiresAt })
  later()
  await deleteRule(id, deps('Grace'))
  expect(told()).toEqual([
    '0 first-seen',
    '1 disabled Not here',
    '2 rule-lost Not here deleted by Grace and reopened',
  ])
  const id1 = db.$client.prepare('select min(id) from finding').pluck().get() as number
  expect(getFinding(db, String(id1)).timeline[1]).toEqual({
    kind: 'disabled',
    at: '2024-03-01T01:00:00.000Z',
    rule: {
      id,
      isThere: false,
      name: 'Not here',
      savedBy: 'Ada',
      reason: 'not-exploitable',
      justification: 'It listens to nobody.',
      expiresAt,
      untilFixed: false,
    },
  })
})

test('a rule that came to its end while everything slept opened it again at that moment', async () => {
  record({})
  await create({ expiresAt: new Date(time + 5 * hour).toISOString() })
  later(100)
  await rules.upToDate()
  expect(told()).toEqual(['0 first-seen', '0 disabled Not here', '5 rule-lost Not here expired and reopened'])
})

test('a rule that had come to its end is not deleted a second time', async () => {
  record({})
  const id = await create({ expiresAt: new Date(time + hour).toISOString() })
  later(2)
  await rules.upToDate()
  await deleteRule(id, deps('Grace'))
  expect(told().at(-1)).toBe('1 rule-lost Not here expired and reopened')
})

test('a changed rule is told with its new words while it holds, and as lost when it is about something else', async () => {
  record({})
  const id = await create()
  later()
  await changeRule({ ...rule({ name: 'Still not here' }), id }, deps('Grace'))
  later()
  await changeRule(
    { ...rule({ criteria: { ...rule().criteria, cves: ['CVE-2024-0002'] } }), id },
    deps('Joan'),
  )
  expect(told()).toEqual([
    '0 first-seen',
    '0 disabled Not here',
    '1 rule-changed Still not here',
    '2 rule-lost Still not here changed by Joan and reopened',
  ])
})

test('of two rules, only the last to go opens it again', async () => {
  record({})
  const first = await create({ name: 'First' })
  later()
  const second = await create({ name: 'Second' })
  later()
  await deleteRule(first, deps())
  later()
  await deleteRule(second, deps())
  expect(told().slice(1)).toEqual([
    '0 disabled First',
    '1 disabled Second',
    '2 rule-lost First deleted by Ada',
    '3 rule-lost Second deleted by Ada and reopened',
  ])
})

test('a rule is lost to one above that overrides it, and to a tag that moves on', async () => {
  record({})
  const repositoryId = ensureRepository(db, 'reg', 'team/api')
  const tag = (digest: string): boolean =>
    moveTag(db, { repositoryId, name: 'dev', digest, eventAt: null, at: at() })
  const scope = { kind: 'registry', id: 'reg', repository: null, tag: 'dev', digest: null } as const
  await create({ scope })
  tag(madeDigest(1))
  later()
  madeOccurrence(db, { digest: madeDigest(2) })
  tag(madeDigest(2))
  later()
  tag(madeDigest(1))
  later()
  await create({ name: 'Above', overrides: true, criteria: { ...rule().criteria, cves: ['CVE-2024-0009'] } })
  expect(told().slice(1)).toEqual([
    '0 disabled Not here',
    '1 rule-lost Not here scope and reopened',
    '2 disabled Not here',
    '3 rule-lost Not here overridden and reopened',
  ])
})

test('what is new under a rule is disabled with the moment in which it is first seen', async () => {
  record({ vulnerabilityId: 'CVE-2024-0007' })
  db.$client.exec('delete from finding')
  await create()
  later()
  record({})
  expect(told()).toEqual(['1 first-seen', '1 disabled Not here'])
})

test('a fix ends a rule that was to hold until there is one, and stands in the timeline without a rule too', async () => {
  record({ patchable: false, fixState: 'none', fixedVersion: null })
  await create({ untilFixed: true })
  later()
  record({})
  expect(told()).toEqual([
    '0 first-seen',
    '0 disabled Not here',
    '1 fix-published',
    '1 rule-lost Not here fix and reopened',
  ])
  later()
  record({ patchable: false, fixState: 'none', fixedVersion: null })
  expect(told().slice(4)).toEqual(['2 fix-withdrawn', '2 disabled Not here'])
})

test('what was closed and is there again is told so, with the rule that disables it then', async () => {
  record({})
  await create()
  later()
  record()
  later()
  record({})
  later()
  record()
  expect(told()).toEqual([
    '0 first-seen',
    '0 disabled Not here',
    '1 closed package-gone',
    '2 seen-again',
    '2 disabled Not here',
    '3 closed package-gone',
  ])
})

test('scans that found it again are told together, as long as nothing else happened', async () => {
  const others = { vulnerabilityId: 'CVE-2024-0007' }
  scan([others])
  for (let times = 0; times < 4; times += 1) scan([{}, others])
  later()
  await create()
  scan(null)
  scan([{}, others])
  scan([others])
  scan([others])
  scan([{}, others])
  scan([{ patchable: false, fixState: 'none', fixedVersion: null }, others])
  const id = db.$client.prepare('select max(id) from finding').pluck().get() as number
  expect(toldOf(id)).toEqual([
    '2 first-seen',
    '3 rescanned 3 until 5',
    '6 disabled Not here',
    '8 rescanned 1 until 8',
    '9 closed package-gone',
    '11 seen-again',
    '11 disabled Not here',
    '12 rescanned 1 until 12',
    '12 fix-withdrawn',
  ])
})

test('of more scans than are kept only the newest are counted, and that there may have been more is said', async () => {
  scan([{}])
  for (let times = 1; times < endedKept - 1; times += 1) scan([{}])
  expect(told().at(-1)).toBe(`2 rescanned ${endedKept - 2} until ${endedKept - 1}`)
  for (let times = 0; times < endedKept; times += 1) scan([{}])
  expect(told()).toEqual([
    '1 first-seen',
    `${endedKept} rescanned ${endedKept} or more until ${2 * endedKept - 1}`,
  ])
  await create()
  scan([{}])
  expect(told().slice(2)).toEqual([
    `${2 * endedKept - 1} disabled Not here`,
    `${2 * endedKept} rescanned 1 until ${2 * endedKept}`,
  ])
})

test('a rule about something else is not in the timeline', async () => {
  record({})
  await create({ criteria: { ...rule().criteria, cves: ['CVE-2024-0002'] } })
  expect(told()).toEqual(['0 first-seen'])
})

test('whatever happened, a timeline ends in the state that lists show', async () => {
  await fc.assert(
    fc.asyncProperty(fleets, async steps => {
      const played = await play(steps)
      const ids = played.db.$client.prepare('select id from finding').pluck().all() as number[]
      for (const id of ids) {
        const { state, timeline } = getFinding(played.db, String(id))
        const times = timeline.map(event => event.at)
        const by = new Set<string>()
        for (const event of timeline) {
          if (event.kind === 'disabled') by.add(event.rule.id)
          if (event.kind === 'rule-lost') by.delete(event.rule.id)
          if (event.kind === 'rule-lost') expect(event.reopened).toBe(by.size === 0)
          if (event.kind === 'closed') by.clear()
        }
        const closed = timeline.at(-1)?.kind === 'closed'
        expect(times).toEqual(times.toSorted())
        expect({ id, disabled: by.size > 0, closed }).toEqual({
          id,
          disabled: state === 'disabled',
          closed: state === 'closed',
        })
      }
      played.db.$client.close()
    }),
    { numRuns: 40 },
  )
})
