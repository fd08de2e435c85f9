import { SourceError } from '@plimsoll/engine'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { until } from '../testdata/server-process.ts'
import { ensureRegistry, ensureSubscription } from './places.ts'
import { startTagLookup, type TagLookupDeps } from './tag-lookup.ts'

/** Asking several registries what their tags point to. */

const at = '2026-03-04T12:00:00.000Z'
let db: Db
let left: string[]
let stop: () => Promise<void>
beforeEach(() => {
  db = openInMemory()
  left = []
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
})
afterEach(async () => {
  await stop()
  db.$client.close()
})

/** Asks for as many pushed tags of each registry, in the order they are named. */
function ask(
  pushes: readonly (readonly [registryId: string, tags: number])[],
  more: Pick<TagLookupDeps, 'resolveTag' | 'retryMs'>,
): void {
  const lookup = startTagLookup({
    db,
    log: pino({ level: 'silent' }),
    tell: () => undefined,
    left: registryId => left.push(registryId),
    ...more,
  })
  stop = lookup.stop
  for (const [registryId, tags] of pushes) {
    ensureRegistry(
      db,
      { id: registryId, subscriptionId: 'main', name: registryId, kind: 'distribution', url: null },
      at,
    )
    for (let number = 0; number < tags; number++) {
      const tag = `t${number}`
      const event = { id: tag, at, action: 'push', repository: 'team/api', digest: null, tag } as const
      const kept = prepared(
        db,
        'insert into event_inbox (registry_id, event, received_at) values (?, ?, ?)',
      ).run(registryId, '{}', at)
      lookup.add({
        rowId: Number(kept.lastInsertRowid),
        registryId,
        event: { ...event, mediaType: null },
        receivedAt: at,
      })
    }
  }
}
const never = async (signal: AbortSignal): Promise<never> =>
  await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')))
  })

test('a registry that does not answer keeps no other waiting', async () => {
  const asked: string[] = []
  ask(
    [
      ['hangs', 50],
      ['hangs-too', 50],
      ['answers', 50],
    ],
    {
      resolveTag: async (registryId, _repository, tag, signal) => {
        asked.push(registryId)
        return registryId === 'answers' ? madeDigest(Number(tag.slice(1))) : await never(signal)
      },
    },
  )
  await until('the one that answers has been asked for all', () => left.length === 50)
  expect(new Set(left)).toEqual(new Set(['answers']))
  expect(asked.filter(id => id !== 'answers')).toEqual(['hangs', 'hangs', 'hangs-too', 'hangs-too'])
})

test('registries are asked in turn where there are more than can be asked at once', async () => {
  const asked: string[] = []
  const answer: (() => void)[] = []
  const many = Array.from({ length: 12 }, (_, number) => [`r${number}`, 3] as const)
  ask(many, {
    resolveTag: async (registryId, _repository, _tag, signal) => {
      asked.push(registryId)
      await Promise.race([never(signal), new Promise<void>(resolve => answer.push(resolve))])
      return madeDigest(1)
    },
  })
  // Two of each of the first eight; the others come before what is left of those is through.
  expect(asked).toHaveLength(16)
  expect(new Set(asked).size).toBe(8)
  for (const one of answer.splice(0)) one()
  await until('as many are asked again', () => asked.length === 32)
  expect(new Set(asked.slice(16, 24)).size).toBe(8)
  expect(asked.slice(16, 24)).toContain('r11')
})

test('what waits for its repetition keeps nothing of its own registry waiting', async () => {
  let failures = 0
  ask([['reg', 9]], {
    retryMs: 3_600_000,
    resolveTag: async (_registry, _repository, tag) => {
      if (Number(tag.slice(1)) < 4) {
        failures += 1
        throw new SourceError('registry-unreachable', 'It does not answer.')
      }
      return await Promise.resolve(madeDigest(1))
    },
  })
  await until('the others are looked up', () => left.length === 5)
  expect(failures).toBe(4)
})

test('a registry that was removed is asked nothing, and what it told leaves the inbox', async () => {
  const asked: string[] = []
  ask([['other', 1]], { resolveTag: async () => await Promise.resolve(madeDigest(1)) })
  await until('the other is through', () => left.length === 1)
  await stop()
  ask([['gone', 0]], { resolveTag: async () => await Promise.resolve(madeDigest(1)) })
  await stop()
  prepared(db, `update registry set removed_at = 'now' where id = 'gone'`).run()
  ask([['gone', 3]], {
    resolveTag: async registryId => {
      asked.push(registryId)
      return await Promise.resolve(madeDigest(1))
    },
  })
  await until('all have left', () => left.length === 4)
  expect(asked).toEqual([])
  expect(prepared(db, 'select count(*) from event_inbox').pluck().get()).toBe(0)
})
