import type { Plan } from '@plimsoll/types'
import fc from 'fast-check'
import { contentInWords, pools } from './contents.ts'
import { newRules, rulesByThreat, rulesOfTags } from './new-rules.ts'
import { editions } from './records.ts'
import type { Fleet, GroupId, Happening, Place, RegistryId, Step, SubscriptionId, Telling } from './steps.ts'

/**
 * Made-up fleets. Each has a theme: what happens in it is mostly of a few kinds and in few places, so that these meet.
 */

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const is = <T extends string>(what: T) => fc.constant(what)

const registry = some<RegistryId>('r1', 'r1', 'r2', 'r3')
const subscription = some<SubscriptionId>('s1', 's1', 's2', 's3')
const group = some<GroupId>('upper', 'lower', 'other')
const anyGroup = some<GroupId | 'tenant'>('upper', 'lower', 'other', 'tenant')
const onePlace: fc.Arbitrary<Place> = some<Place>({ registry: 'r1', repository: 'team/api' })
const anyPlace: fc.Arbitrary<Place> = some<Place>(
  { registry: 'r1', repository: 'team/api' },
  { registry: 'r1', repository: 'team/api' },
  { registry: 'r1', repository: 'lib' },
  { registry: 'r2', repository: 'team/api' },
  { registry: 'r3', repository: 'lib' },
)
/** Of the pool, whose images come first. */
const content = fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, { weight: 2, arbitrary: fc.nat(10) })
/** Of what is there. */
const pick = fc.nat(9)
const tag = some(null, '1.0', '1.0', '1.0', '1.0', '1.1', 'dev')
const telling = some<Telling>('now', 'now', 'now', 'now', 'now', 'now', 'twice', 'later')
const days = some(null, 1, 3, 90)

type Of<Kind extends Happening['do']> = fc.Arbitrary<Happening & { readonly do: Kind }>

const push = (place = anyPlace): Of<'push'> => fc.record({ do: is('push'), place, content, tag, telling })
const importing = (least: number, most: number): Of<'import'> =>
  fc.record({ do: is('import'), edition: editions(least, most) })
const creating = (rule = newRules): Of<'create-rule'> => fc.record({ do: is('create-rule'), rule, days })
const changing: Of<'change-rule'> = fc.record({ do: is('change-rule'), pick: fc.nat(2), rule: newRules, days })
const deletingRule: Of<'delete-rule'> = fc.record({ do: is('delete-rule'), pick: fc.nat(2) })
const pulling = (place = anyPlace): Of<'pull'> => fc.record({ do: is('pull'), place, pick, telling })
const deleting = (place = anyPlace): Of<'delete'> => fc.record({ do: is('delete'), place, pick, telling })
const deletingHere = (place = anyPlace): Of<'delete-here'> => fc.record({ do: is('delete-here'), place, pick })
const requesting = (place = anyPlace): Of<'request'> => fc.record({ do: is('request'), place, pick })
const untagging = (place = anyPlace): Of<'untag'> =>
  fc.record({ do: is('untag'), place, pick, telling })
const tellingNow: Of<'tell'> = fc.record({ do: is('tell'), registry, first: fc.nat(5) })
const watching: Of<'watch'> = fc.record({
  do: is('watch'),
  registry,
  repositories: some<string[]>([], [], ['lib'], ['team/api', 'new']),
})
const sleeping: Of<'sleep'> = fc.record({ do: is('sleep'), hours: some(1, 15, 30, 80, 24 * 8) })
const movingRegistry: Of<'move-registry'> = fc.record({ do: is('move-registry'), registry, to: subscription })
const movingSubscription: Of<'move-subscription'> = fc.record({ do: is('move-subscription'), subscription, to: anyGroup })
const movingGroup: Of<'move-group'> = fc.record({ do: is('move-group'), group, to: anyGroup })
const planning: Of<'plan'> = fc.record({ do: is('plan'), subscription, plan: some<Plan>('on', 'off') })
const triggering: Of<'push-trigger'> = fc.record({ do: is('push-trigger'), subscription, set: fc.boolean() })
const removing: Of<'remove-registry'> = fc.record({ do: is('remove-registry'), registry })
const connecting: Of<'connect-registry'> = fc.record({ do: is('connect-registry'), registry })
const sweeping: Of<'sweep'> = fc.constant({ do: 'sweep' })
const snapshotting: Of<'snapshot'> = fc.constant({ do: 'snapshot' })

type Weighed = readonly [number, fc.Arbitrary<Happening>]

/** Tags move, come and go, while scans may not start by themselves. */
const tags: readonly Weighed[] = [
  [10, push(onePlace)],
  [2, untagging(onePlace)],
  [4, deleting(onePlace)],
  [1, pulling(onePlace)],
  [2, requesting(onePlace)],
  [1, deletingHere(onePlace)],
  [2, tellingNow],
  [2, triggering],
  [1, planning],
  [3, importing(1, 2)],
  [2, creating(rulesOfTags)],
]

/** Advisories say something else every time. */
const advisories: readonly Weighed[] = [
  [12, importing(0, 3)],
  [3, push(onePlace)],
  [2, creating(rulesByThreat)],
  [1, changing],
  [1, sleeping],
  [1, deleting(onePlace)],
]

/** Rules come, go and end, and what they are about moves. */
const rules: readonly Weighed[] = [
  [6, creating()],
  [2, creating(rulesByThreat)],
  [3, changing],
  [2, deletingRule],
  [3, sleeping],
  [2, movingSubscription],
  [2, movingRegistry],
  [1, movingGroup],
  [4, importing(0, 2)],
  [3, push()],
]

/** Places change, with what is in them. */
const places: readonly Weighed[] = [
  [8, push()],
  [4, planning],
  [3, movingRegistry],
  [2, movingSubscription],
  [1, movingGroup],
  [2, removing],
  [2, connecting],
  [2, sweeping],
  [3, snapshotting],
  [2, sleeping],
  [2, creating()],
  [2, importing(1, 3)],
  [1, watching],
]

const all: readonly Weighed[] = [...tags, ...advisories, ...rules, ...places, [3, requesting()], [3, pulling()], [4, deleting()]]

const looking = (what: fc.Arbitrary<Happening>): fc.Arbitrary<Step> =>
  fc.tuple(what, fc.nat(9999)).map(([step, look]) => ({ ...step, look }))

const oneOf = (weighed: readonly Weighed[]): fc.Arbitrary<Happening> =>
  fc.oneof(...weighed.map(([weight, arbitrary]) => ({ weight, arbitrary })))

/** Most begin with advisories; others have none at first. */
const begun = oneOf([
  [6, importing(4, 7)],
  [1, push()],
])

const stepsOf = (theme: readonly Weighed[]): fc.Arbitrary<Step[]> =>
  fc
    .tuple(
      looking(begun),
      fc.array(looking(push(theme === tags || theme === advisories ? onePlace : anyPlace)), { minLength: 2, maxLength: 5 }),
      fc.array(looking(oneOf(theme)), { minLength: 5, maxLength: 14 }),
    )
    .map(([first, pushes, steps]) => [first, ...pushes, ...steps])

export const fleets: fc.Arbitrary<Fleet> = fc
  .record({ pool: pools, steps: fc.oneof(...[tags, advisories, rules, places, all].map(stepsOf)) })
  .map(fleet => ({ ...fleet, [fc.toStringMethod]: () => inWords(fleet) }))

/** For whoever reads of one that does not agree. */
const inWords = ({ pool, steps }: Fleet): string =>
  ['', ...pool.map((content, at) => `${at}: ${contentInWords(content)}`), ...steps.map(step => JSON.stringify(step)), ''].join('\n')
