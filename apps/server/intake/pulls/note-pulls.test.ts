import { digestSchema } from '@plimsoll/types'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { openInMemory } from '../../db/open.ts'
import { connected } from '../../testdata/connected.ts'
import { madeDigest } from '../../testdata/fleet.ts'
import { ensureOccurrence, ensureRepository } from '../places.ts'
import { notePulls } from './note-pulls.ts'
import { noteRead } from './own-reads.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.parse('2024-11-01T00:00:00.000Z')
const iso = (ms: number): string => new Date(ms).toISOString()
const digest = digestSchema.parse(madeDigest(1))

function open() {
  const db = openInMemory()
  const id = ensureRepository(db, connected(db, 'https://registry.example'), 'team/api')
  ensureOccurrence(db, id, digest, iso(start - hour))
  const told = async (
    pulls: readonly { digest: string; at: string }[],
    granularityMs = 0,
  ): Promise<string | null> => {
    async function* of() {
      for (const pull of pulls) {
        yield { digest: digestSchema.parse(pull.digest), pulledAt: pull.at, granularityMs }
      }
    }
    await notePulls(db, { id, name: 'team/api' }, { of }, new AbortController().signal)
    return db.$client.prepare('select last_pulled_at from occurrence').pluck().get() as string | null
  }
  /** A scan that reads the manifest `after` it was asked for. */
  const scan = (queuedAt: number, after: number): void => {
    noteRead(db, id, digest, iso(queuedAt + after))
    db.$client
      .prepare(
        `insert into scan (repository_id, digest, trigger, state, queued_at, started_at, finished_at)
         values (?, ?, 'push', 'done', ?, ?, ?)`,
      )
      .run(id, digest, iso(queuedAt), iso(queuedAt + after), iso(queuedAt + after + minute))
  }
  return { db, told, scan }
}

test('a pull is kept, the newest of several, and never an older one', async () => {
  const { told } = open()
  expect(await told([{ digest, at: iso(start) }])).toBe(iso(start))
  expect(await told([{ digest, at: iso(start - hour) }])).toBe(iso(start))
})

test('a pull at a time that has not come yet is none until it has', async () => {
  const { told } = open()
  const ahead = iso(Date.now() + hour)
  expect(await told([{ digest, at: ahead }])).toBeNull()
  expect(await told([{ digest, at: iso(start) }])).toBe(iso(start))
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(ahead) })
  try {
    expect(await told([{ digest, at: ahead }])).toBe(ahead)
  } finally {
    vi.useRealTimers()
  }
})

test('a pull of what nobody knows is none', async () => {
  expect(await open().told([{ digest: madeDigest(2), at: iso(start) }])).toBeNull()
})

test('a pull before and one after our reading are others’', async () => {
  const before = open()
  before.scan(start, minute)
  expect(await before.told([{ digest, at: iso(start - 2 * minute) }])).toBe(iso(start - 2 * minute))
  const after = open()
  after.scan(start, minute)
  expect(await after.told([{ digest, at: iso(start + 4 * minute) }])).toBe(iso(start + 4 * minute))
  const coarse = open()
  coarse.scan(start, minute)
  expect(await coarse.told([{ digest, at: iso(start + hour) }], 24 * hour)).toBeNull()
  expect(await coarse.told([{ digest, at: iso(start + 26 * hour) }], 24 * hour)).not.toBeNull()
})

test('property: an image that only we read is never recently pulled, however late the registry shows it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          gap: fc.integer({ min: hour, max: 9 * 24 * hour }),
          after: fc.integer({ min: 0, max: 2 * hour }),
          // The registry's clock, and how coarse its time is.
          skew: fc.integer({ min: -minute + 1, max: minute - 1 }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      fc.constantFrom(0, minute, 24 * hour),
      fc.nat(),
      async (reads, granularityMs, lag) => {
        const { db, told, scan } = open()
        let now = start
        const shown: string[] = []
        for (const { gap, after, skew } of reads) {
          now += gap + after
          scan(now - after, after)
          shown.push(iso(now + skew))
          // It shows this reading or still one before it.
          const at = shown[Math.max(0, shown.length - 1 - (lag % 3))] ?? ''
          expect(await told([{ digest, at }], granularityMs)).toBeNull()
        }
        db.$client.close()
      },
    ),
    { numRuns: 40 },
  )
})
