import {
  type Advisory,
  advisoryFolders,
  type CveFacts,
  cveIn,
  type KevList,
  mergedFacts,
  parseCveFacts,
  parseOsvRecord,
  readCveFacts,
  readOsvZip,
  UnreadableFeed,
} from '@plimsoll/engine'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { noteCause } from '../posture/score-causes.ts'
import { storeAliases } from './aliases.ts'
import { removeAbsent, storeAdvisories, storeCveFacts, storeFeeds } from './store.ts'
import { importKevSnapshot, importThreatLists } from './threat-lists.ts'

/** What an import came to. */
export interface Imported {
  readonly read: number
  readonly changed: number
  readonly removed: number
  /** Records that could not be used, the first few with their reasons. */
  readonly rejected: number
  readonly rejections: readonly string[]
}

/**
 * Brings the stored advisories up to what a place laid out as OSV's bucket holds. Between chunks others get their turn
 * to write. When it breaks off, what came in is kept and nothing is removed.
 *
 * @param needed folders to look for, all that any ecosystem has unless told otherwise. Where the place has none of
 *   these, it was put together for something else, and whatever it has is taken.
 * @throws UnreadableFeed when the place cannot be read, or holds no feed.
 */
export async function importPlace(
  db: Db,
  location: string,
  at: Date,
  signal: AbortSignal,
  needed: readonly string[] = advisoryFolders,
): Promise<Imported> {
  const count = { read: 0, changed: 0, removed: 0, rejected: 0 }
  const rejections: string[] = []
  const cves = new Set<string>()
  let folders = 0
  const others = advisoryFolders.filter(folder => !needed.includes(folder))
  for (const folder of [...needed, ...others]) {
    if (folders > 0 && others.includes(folder)) break
    const present = new Set<string>()
    const records = readOsvZip(location, folder, signal)
    const found = await inChunks(records, chunk => {
      const advisories: Advisory[] = []
      for (const record of chunk) {
        if (record.kind === 'rejected') {
          count.rejected += 1
          if (rejections.length < 10) rejections.push(`${folder}/${record.name}: ${record.reason}`)
          continue
        }
        advisories.push(record.advisory)
        present.add(record.advisory.id)
        for (const cve of cvesNamed(record.advisory)) cves.add(cve)
      }
      count.read += advisories.length
      count.changed += storeAdvisories(db, 'osv', folder, newestOfEach(advisories))
    })
    if (!found) continue
    folders += 1
    // An archive in which nothing could be used is damaged or something else, not a feed that took all back.
    if (present.size > 0) count.removed += removeAbsent(db, 'osv', folder, present)
  }
  if (folders === 0) {
    throw new UnreadableFeed(
      `${location} holds no advisories: none of ${advisoryFolders.map(one => `${one}/all.zip`).join(', ')} is there.`,
    )
  }
  await importCveFacts(db, 'osv', readCveFacts(location, signal, cves))
  await storeAliases(db, 'osv', pause)
  storeFeeds(db, 'osv', location, at.toISOString())
  noteImport(db, location, at, count.changed + count.removed)
  await importThreatLists(db, location, { named: cves, at, signal, pause })
  return { ...count, rejections }
}

/** One that brought nothing new changes no score. */
function noteImport(db: Db, location: string, at: Date, changed: number): void {
  if (changed === 0) return
  noteCause(db, { at: at.toISOString(), kind: 'advisories-imported', id: null, name: location, by: null })
}

/** What the demonstration knows; see demo/snapshot.ts. */
export interface Snapshot {
  readonly records: Iterable<unknown>
  readonly cveFacts: Iterable<unknown>
  readonly kev: KevList | null
}

export const snapshotLocation = 'shipped with Plimsoll'

/** Brings the demonstration's advisories up to the snapshot in the program. */
export async function importSnapshot(db: Db, snapshot: Snapshot, at: Date): Promise<void> {
  const present = new Set<string>()
  let changed = 0
  await inChunks(asAsync(snapshot.records), chunk => {
    const advisories = chunk.map(record => parseOsvRecord(record).advisory)
    for (const { id } of advisories) present.add(id)
    changed += storeAdvisories(db, 'demonstration', 'snapshot', advisories)
  })
  changed += removeAbsent(db, 'demonstration', 'snapshot', present)
  await importCveFacts(db, 'demonstration', parsedFacts(snapshot.cveFacts))
  await storeAliases(db, 'demonstration', pause)
  storeFeeds(db, 'demonstration', snapshotLocation, at.toISOString())
  noteImport(db, snapshotLocation, at, changed)
  if (snapshot.kev !== null) await importKevSnapshot(db, snapshot.kev, at, pause)
}

async function importCveFacts(db: Db, source: AdvisorySource, facts: AsyncIterable<CveFacts>): Promise<void> {
  // A place may have two lists; what both say of a CVE belongs together.
  const merged = new Map<string, CveFacts>()
  for await (const one of facts) merged.set(one.id, mergedFacts(merged.get(one.id), one))
  await inChunks(asAsync(merged.values()), chunk => {
    storeCveFacts(db, source, chunk)
  })
}

async function* parsedFacts(records: Iterable<unknown>): AsyncGenerator<CveFacts> {
  for (const record of records) {
    const facts = parseCveFacts(record)
    if (facts !== null) yield facts
  }
}

/** A write transaction is to stay well under 50 ms on any machine, and each has its price: as much as takes this long. */
const chunkMs = 15
const firstChunk = 100
const maxChunk = 2000

/** Hands on what comes, some at a time, with a pause after each. @returns what the generator returned. */
async function inChunks<T, R>(items: AsyncGenerator<T, R>, take: (chunk: T[]) => void): Promise<R> {
  let chunk: T[] = []
  let size = firstChunk
  for (;;) {
    const { done, value } = await items.next()
    if (!done) chunk.push(value)
    if (chunk.length >= size || (done && chunk.length > 0)) {
      const from = performance.now()
      take(chunk)
      const tookMs = performance.now() - from
      size = Math.min(Math.max(Math.round((chunk.length * chunkMs) / tookMs), firstChunk / 2), maxChunk)
      chunk = []
      await pause()
    }
    if (done) return value
  }
}

/** Lets go of the thread, and of the write lock long enough for another connection to take it. */
const pause = (): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, 1)
  })

async function* asAsync<T>(items: Iterable<T>): AsyncGenerator<T, undefined> {
  yield* items
}

const cvesNamed = ({ id, aliases, upstream }: Advisory): string[] =>
  [id, ...aliases, ...upstream].map(one => cveIn(one) ?? one).filter(one => one.startsWith('CVE-'))

/** Of two records with one id the one that was modified last counts, as in memory (`advisoryIndex`). */
function newestOfEach(advisories: readonly Advisory[]): Advisory[] {
  const newest = new Map<string, Advisory>()
  for (const advisory of advisories) {
    const other = newest.get(advisory.id)
    if (other === undefined || (advisory.modifiedAt ?? '') >= (other.modifiedAt ?? '')) {
      newest.set(advisory.id, advisory)
    }
  }
  return [...newest.values()]
}
