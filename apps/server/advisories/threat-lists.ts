import { type KevList, readEpss, readKev } from '@plimsoll/engine'
import type { Epss, Kev } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { refreshPosture } from '../posture/refresh.ts'
import { judgeAgain, judgesByThreat } from '../rules/judge.ts'

/** A write transaction of this many rows stays well under 50 ms. */
const chunkSize = 1000
/** Where rules go by them, the images that have them are counted anew. */
const judgedChunk = 50

type Pause = () => Promise<void>

/**
 * Brings what is known of attacks up to what a place has of CISA's catalogue and of FIRST's scores. A list that it
 * lacks is no failure: what an earlier import brought is kept, with its day. No match changes by it.
 * @param named CVEs that advisories name.
 * @throws UnreadableFeed when a list is there and cannot be read.
 */
export async function importThreatLists(
  db: Db,
  location: string,
  { named, at, signal, pause }: { named: ReadonlySet<string>; at: Date; signal: AbortSignal; pause: Pause },
): Promise<void> {
  const kev = await readKev(location, signal)
  if (kev !== null) {
    await storeKev(db, kev.entries, pause)
    noteList(db, 'kev', { source: 'osv', asOf: kev.asOf, entries: kev.entries.size }, at)
  }
  const found = prepared(db, 'select 1 from match_fact where vulnerability_id = ?')
  const wanted = { has: (cve: string) => named.has(cve) || found.get(cve) !== undefined }
  const scores = readEpss(location, signal, wanted)
  const read = new Map<string, Epss>()
  let step = await scores.next()
  for (; !step.done; step = await scores.next()) read.set(...step.value)
  if (step.value !== null) {
    await storeEpss(db, read, pause)
    noteList(db, 'epss', { source: 'osv', asOf: step.value.asOf, entries: read.size }, at)
  }
  await storeMatchThreats(db, pause)
}

/** Brings in what the demonstration knows of attacks, unless a list was imported: that one says more. */
export async function importKevSnapshot(
  db: Db,
  { asOf, entries }: KevList,
  at: Date,
  pause: Pause,
): Promise<void> {
  if (prepared(db, `select 1 from threat_list where name = 'kev' and source = 'osv'`).get() !== undefined)
    return
  await storeKev(db, entries, pause)
  noteList(db, 'kev', { source: 'demonstration', asOf, entries: entries.size }, at)
  await storeMatchThreats(db, pause)
}

async function storeKev(db: Db, entries: ReadonlyMap<string, Kev>, pause: Pause): Promise<void> {
  const store = prepared(
    db,
    `insert into kev (cve, added_on, due_on, ransomware, required_action) values (?, ?, ?, ?, ?)
     on conflict (cve) do update set added_on = excluded.added_on, due_on = excluded.due_on,
       ransomware = excluded.ransomware, required_action = excluded.required_action`,
  )
  await inChunks(db, [...entries], pause, ([cve, { addedOn, dueOn, ransomware, requiredAction }]) =>
    store.run(cve, addedOn, dueOn, ransomware ? 1 : 0, requiredAction),
  )
  await removeOthers(db, 'kev', entries, pause)
}

async function storeEpss(db: Db, scores: ReadonlyMap<string, Epss>, pause: Pause): Promise<void> {
  const store = prepared(
    db,
    `insert into epss (cve, probability, percentile) values (?, ?, ?)
     on conflict (cve) do update set probability = excluded.probability, percentile = excluded.percentile`,
  )
  await inChunks(db, [...scores], pause, ([cve, { probability, percentile }]) =>
    store.run(cve, probability, percentile),
  )
  await removeOthers(db, 'epss', scores, pause)
}

async function removeOthers(
  db: Db,
  list: 'kev' | 'epss',
  present: { has(cve: string): boolean },
  pause: Pause,
): Promise<void> {
  const all = prepared(db, `select cve from ${list}`).pluck().all() as string[]
  const remove = prepared(db, `delete from ${list} where cve = ?`)
  await inChunks(
    db,
    all.filter(cve => !present.has(cve)),
    pause,
    cve => remove.run(cve),
  )
}

/** Brings the copies by which findings are chosen and ordered up to date; most stay as they are. */
async function storeMatchThreats(db: Db, pause: Pause): Promise<void> {
  const differing = prepared(
    db,
    `select m.id, k.cve is not null kev, e.probability epss
     from match_threat mt join match_fact m on m.id = mt.match_id
       left join kev k on k.cve = m.vulnerability_id left join epss e on e.cve = m.vulnerability_id
     where mt.kev <> (k.cve is not null) or mt.epss is not e.probability`,
  ).all() as { id: number; kev: number; epss: number | null }[]
  const store = prepared(db, 'update match_threat set kev = ?, epss = ? where match_id = ?')
  // What rules make of them changes with them, and the counts with that.
  const size = judgesByThreat(db) ? judgedChunk : chunkSize
  for (let at = 0; at < differing.length; at += size) {
    const chunk = differing.slice(at, at + size)
    inTransaction(db, () => {
      for (const { id, kev, epss } of chunk) store.run(kev, epss, id)
      refreshPosture(
        db,
        judgeAgain(
          db,
          chunk.map(({ id }) => id),
        ),
      )
    })
    await pause()
  }
}

function noteList(
  db: Db,
  name: 'kev' | 'epss',
  { source, asOf, entries }: { source: AdvisorySource; asOf: string | null; entries: number },
  at: Date,
): void {
  prepared(
    db,
    `insert into threat_list (name, source, as_of, entries, imported_at) values (?, ?, ?, ?, ?)
     on conflict (name) do update set source = excluded.source, as_of = excluded.as_of, entries = excluded.entries,
       imported_at = excluded.imported_at`,
  ).run(name, source, asOf, entries, at.toISOString())
}

async function inChunks<T>(
  db: Db,
  items: readonly T[],
  pause: Pause,
  store: (item: T) => unknown,
): Promise<void> {
  for (let at = 0; at < items.length; at += chunkSize) {
    inTransaction(db, () => {
      for (const item of items.slice(at, at + chunkSize)) store(item)
    })
    await pause()
  }
}
