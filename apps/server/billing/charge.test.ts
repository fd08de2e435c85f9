import { SourceError } from '@plimsoll/engine'
import type { Price } from '@plimsoll/types'
import fc from 'fast-check'
import pino from 'pino'
import { expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { deleteDigest } from '../intake/deletion.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import type { LeasedScan } from '../jobs/queue.ts'
import { recordFailure, recordIndex, recordNotApplicable } from '../jobs/record.ts'
import { setPlan } from '../plans/set-plan.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { recordMade } from '../testdata/scanned.ts'
import { listMonths } from './ledger.ts'
import { setPrice } from './price.ts'

/**
 * The bill against a second one that is kept in memory: whatever happens, in whatever order, every image that was
 * assessed in a subscription whose plan was on has one charge there, at the price of that moment, and nothing else has.
 */

const registries = ['ra', 'rb'] as const
const subscriptions = ['sa', 'sb'] as const
const oneOf = <const T>(...values: readonly T[]) => fc.constantFrom(...values)
const place = {
  registry: oneOf(...registries),
  repository: oneOf('team/api', 'web'),
  digest: fc.integer({ min: 1, max: 4 }),
}
const prices: readonly (Price | null)[] = [
  null,
  { micros: 290_000, currency: 'EUR' },
  { micros: 1, currency: 'USD' },
]

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: oneOf('result'),
      ...place,
      status: oneOf('complete', 'partial', 'not-applicable', 'unjudged'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: oneOf('failure', 'no-image', 'index', 'deletion', 'retag'), ...place }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: oneOf('plan'),
      subscription: oneOf(...subscriptions),
      plan: oneOf('on', 'off'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: oneOf('move'),
      registry: place.registry,
      subscription: oneOf(...subscriptions),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: oneOf('price'), price: oneOf(...prices) }) },
)

function newBill() {
  const db = openInMemory()
  const deps = {
    db,
    events: createEventBus(),
    log: pino({ level: 'silent' }),
    viewer: { name: 'Ada' },
    wakeRunner: () => undefined,
    reconciler: { wake: () => true },
  }
  for (const id of subscriptions) ensureSubscription(db, { id, name: id }, at(1))
  registries.forEach((id, number) => {
    const subscriptionId = subscriptions[number] ?? 'sa'
    ensureRegistry(db, { id, subscriptionId, name: id, kind: 'distribution', url: null }, at(1))
  })
  const state = {
    price: null as Price | null,
    on: new Set<string>(subscriptions),
    subscriptionOf: new Map<string, string>([
      ['ra', 'sa'],
      ['rb', 'sb'],
    ]),
    charges: new Map<string, Price | null>(),
  }
  return { db, deps, state }
}

const debian = { feed: 'Debian:12', advisories: 1, asOf: null }
const coverageOf = {
  complete: ['complete', [debian]],
  partial: ['partial', [debian]],
  'not-applicable': ['not-applicable', []],
  // Its packages were read, and there is nothing to judge them by.
  unjudged: ['partial', []],
} as const

const at = (day: number): string => `2026-${String((day % 12) + 1).padStart(2, '0')}-01T00:00:00.000Z`

/** A scan as a worker has it, whatever the queue would say to it. */
function running(db: Db, repositoryId: number, digest: string): LeasedScan {
  const { lastInsertRowid } = db.$client
    .prepare(
      `insert into scan (repository_id, digest, trigger, state, queued_at, lease_owner) values (?, ?, 'push', 'running', '', 'w')`,
    )
    .run(repositoryId, digest)
  const scan = { id: Number(lastInsertRowid), owner: 'w', registryId: '', repositoryId, digest }
  return { ...scan, trigger: 'push', lane: 0, requestedBy: null, attempts: 1 }
}

async function take(
  one: typeof step extends fc.Arbitrary<infer T> ? T : never,
  day: number,
  bill: ReturnType<typeof newBill>,
) {
  const { db, deps, state } = bill
  if ('price' in one) {
    state.price = one.price
    setPrice(one.price, deps)
  } else if ('plan' in one) {
    if (one.plan === 'on') state.on.add(one.subscription)
    else state.on.delete(one.subscription)
    await setPlan({ id: one.subscription, plan: one.plan === 'on' ? 'on' : 'off' }, deps)
  } else if ('subscription' in one) {
    state.subscriptionOf.set(one.registry, one.subscription)
    db.$client
      .prepare('update registry set subscription_id = ? where id = ?')
      .run(one.subscription, one.registry)
  } else {
    const repositoryId = ensureRepository(db, one.registry, one.repository)
    const digest = madeDigest(one.digest)
    const notApplicable = {
      digest,
      mediaType: '',
      platform: null,
      reason: { code: 'windows-image' as const, message: 'Windows.' },
    }
    if ('status' in one) {
      const [status, feeds] = coverageOf[one.status]
      recordMade(db, running(db, repositoryId, digest), {
        coverage: { status, feeds: [...feeds] },
        at: at(day),
      })
      const subscription = state.subscriptionOf.get(one.registry) ?? ''
      const key = `${subscription} ${digest}`
      if (
        ['complete', 'partial'].includes(one.status) &&
        state.on.has(subscription) &&
        !state.charges.has(key)
      )
        state.charges.set(key, state.price)
    } else if (one.what === 'failure') recordFailure(db, running(db, repositoryId, digest), at(day))
    else if (one.what === 'no-image')
      recordNotApplicable(db, running(db, repositoryId, digest), notApplicable, at(day))
    else if (one.what === 'deletion') deleteDigest(db, { repositoryId, digest, eventAt: null, at: at(day) })
    else if (one.what === 'index') {
      const indexDigest = madeDigest(100 + one.digest)
      const images = {
        indexDigest,
        images: [],
        unresolved: [{ digest, platform: null, error: new SourceError('image-not-found', 'It is missing.') }],
        notApplicable: [],
        unwanted: [],
      }
      recordIndex(db, running(db, repositoryId, indexDigest), images, at(day))
    } else {
      db.$client
        .prepare(
          `insert into tag (repository_id, name, digest, updated_at) values (?, 'latest', ?, '') on conflict do update set digest = excluded.digest`,
        )
        .run(repositoryId, digest)
    }
    db.$client.exec(`update scan set state = 'cancelled' where state in ('queued', 'running')`)
  }
}

test('every image is charged once to a subscription, and nothing else is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async steps => {
      const bill = newBill()
      for (const [day, one] of steps.entries()) await take(one, day, bill)
      const { db, state } = bill
      const charged = db.$client
        .prepare('select subscription_id s, digest d, price_micros micros, currency from charge')
        .all() as {
        s: string
        d: string
        micros: number | null
        currency: string | null
      }[]
      const actual = charged.map(({ s, d, micros, currency }) => [
        `${s} ${d}`,
        micros === null ? null : { micros, currency },
      ])
      expect(actual.toSorted()).toEqual([...state.charges].toSorted())
      // What the months say is all of it, to the last millionth.
      const months = listMonths(db, {})
      const prices = [...state.charges.values()].filter(price => price !== null)
      expect(months.reduce((sum, month) => sum + month.images, 0)).toBe(charged.length)
      expect(months.reduce((sum, month) => sum + month.withoutPrice, 0)).toBe(charged.length - prices.length)
      const sumOf = (amounts: readonly Price[]) =>
        amounts.reduce((sum, { micros }) => sum + BigInt(micros), 0n)
      expect(sumOf(months.flatMap(month => month.amounts))).toBe(sumOf(prices))
      db.$client.close()
    }),
    { numRuns: 30 },
  )
})

test('a registry that moves is charged where it is now, with its next result', async () => {
  const { db, ...bill } = newBill()
  const result = { what: 'result', registry: 'ra', repository: 'web', digest: 1, status: 'complete' } as const
  const charged = () => db.$client.prepare('select subscription_id from charge order by id').pluck().all()
  await take(result, 1, { db, ...bill })
  await take({ what: 'move', registry: 'ra', subscription: 'sb' }, 2, { db, ...bill })
  expect(charged()).toEqual(['sa'])
  await take(result, 3, { db, ...bill })
  await take({ what: 'move', registry: 'ra', subscription: 'sa' }, 4, { db, ...bill })
  await take(result, 5, { db, ...bill })
  expect(charged()).toEqual(['sa', 'sb'])
})
