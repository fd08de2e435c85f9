import { hash } from 'node:crypto'
import type { Advisory, CveFacts } from '@plimsoll/engine'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { inTransaction, prepared } from '../db/statements.ts'

/**
 * Writes records, a chunk in a transaction. Only what differs is written; which packages that concerns is noted in the
 * same transaction, so that their images are matched again even if the server is killed in between.
 */

/** A write transaction of this many records stays well under 50 ms. */
const chunkSize = 100

/** @returns how many of them were new or had changed. */
export function storeAdvisories(
  db: Db,
  source: AdvisorySource,
  folder: string,
  advisories: readonly Advisory[],
): number {
  const stored = prepared(db, 'select id, hash from advisory where source = ? and advisory_id = ?')
  // Nobody else writes advisories, so what differs is found before the write lock is taken.
  const changed = advisories.flatMap(advisory => {
    const record = JSON.stringify(advisory)
    const sha256 = hash('sha256', record)
    const old = stored.get(source, advisory.id) as { id: number; hash: string } | undefined
    return old?.hash === sha256 ? [] : [{ advisory, record, sha256, old: old?.id ?? null }]
  })
  if (changed.length === 0) return 0
  const note = hasFeeds(db, source)
  inTransaction(db, () => {
    for (const one of changed) storeAdvisory(db, source, folder, one, note)
    countChange(db, source)
  })
  return changed.length
}

/**
 * Whether an import has gone to its end before. At the end of the first one every feed is new, and so every image of
 * its release is concerned: until then it need not be noted which packages are.
 */
export const hasFeeds = (db: Db, source: AdvisorySource): boolean =>
  prepared(db, 'select 1 from feed where source = ? limit 1').get(source) !== undefined

/** Removes the records of a folder that its newest edition does not have. @returns how many those were. */
export function removeAbsent(
  db: Db,
  source: AdvisorySource,
  folder: string,
  present: ReadonlySet<string>,
): number {
  const all = prepared(db, 'select id, advisory_id advisoryId from advisory where source = ? and folder = ?')
  const gone = (all.all(source, folder) as { id: number; advisoryId: string }[]).filter(
    ({ advisoryId }) => !present.has(advisoryId),
  )
  for (let at = 0; at < gone.length; at += chunkSize) {
    inTransaction(db, () => {
      for (const { id } of gone.slice(at, at + chunkSize)) {
        noteAffected(db, id)
        prepared(db, 'delete from advisory where id = ?').run(id)
      }
      countChange(db, source)
    })
  }
  return gone.length
}

/** @returns how many of them were new or had changed. */
export function storeCveFacts(db: Db, source: AdvisorySource, facts: readonly CveFacts[]): number {
  const stored = prepared(db, 'select hash from cve_fact where source = ? and cve_id = ?').pluck()
  const changed = facts.flatMap(one => {
    const record = JSON.stringify(one)
    const sha256 = hash('sha256', record)
    return stored.get(source, one.id) === sha256 ? [] : [{ facts: one, record, sha256 }]
  })
  if (changed.length === 0) return 0
  inTransaction(db, () => {
    for (const one of changed) storeCve(db, source, one)
    countChange(db, source)
  })
  return changed.length
}

/**
 * Counts the records of each feed. A feed that is new or gone concerns every image of its release.
 * @param at ISO 8601: the time of the import.
 */
export function storeFeeds(db: Db, source: AdvisorySource, location: string, at: string): void {
  const feeds = prepared(
    db,
    `select aa.feed, count(distinct a.id) advisories, max(a.modified_at) asOf
     from advisory_affected aa join advisory a on a.id = aa.advisory_id where aa.source = ? group by aa.feed`,
  ).all(source) as { feed: string; advisories: number; asOf: string | null }[]
  inTransaction(db, () => {
    const before = prepared(db, 'select feed from feed where source = ?').pluck().all(source) as string[]
    const now = new Set(feeds.map(({ feed }) => feed))
    const come = feeds.filter(({ feed }) => !before.includes(feed)).map(({ feed }) => feed)
    const gone = before.filter(feed => !now.has(feed))
    for (const feed of [...come, ...gone]) noteChange(db, source, feed, everyName)
    prepared(db, 'delete from feed where source = ?').run(source)
    const insert = prepared(
      db,
      'insert into feed (source, feed, advisories, as_of, imported_at) values (?, ?, ?, ?, ?)',
    )
    for (const { feed, advisories, asOf } of feeds) insert.run(source, feed, advisories, asOf, at)
    prepared(
      db,
      `insert into advisory_source (source, location, imported_at) values (?, ?, ?)
       on conflict (source) do update set location = excluded.location, imported_at = excluded.imported_at,
         error = null, failed_at = null`,
    ).run(source, location, at)
    if (come.length + gone.length > 0) countChange(db, source)
  })
}

/** Keeps why an import broke off, for the portal: what was imported before stays, and looks as if all were well. */
export function noteImportFailed(
  db: Db,
  source: AdvisorySource,
  { location, error, at }: { location: string; error: string; at: string },
): void {
  prepared(
    db,
    `insert into advisory_source (source, location, imported_at, error, failed_at)
     values (@source, @location, '', @error, @at)
     on conflict (source) do update set location = iif(imported_at = '', excluded.location, location),
       error = excluded.error, failed_at = excluded.failed_at`,
  ).run({ source, location, error, at })
}

/** Stands for every package of a feed. No package has this name. */
export const everyName = '*'

interface ChangedAdvisory {
  readonly advisory: Advisory
  readonly record: string
  readonly sha256: string
  /** Its row, where there is one. */
  readonly old: number | null
}

function storeAdvisory(
  db: Db,
  source: AdvisorySource,
  folder: string,
  { advisory, record, sha256, old }: ChangedAdvisory,
  note: boolean,
): void {
  const { modifiedAt, withdrawnAt } = advisory
  const values = { source, advisoryId: advisory.id, folder, sha256, modifiedAt, withdrawnAt, record, old }
  let id = old
  if (id === null) {
    const { lastInsertRowid } = prepared(
      db,
      `insert into advisory (source, advisory_id, folder, hash, modified_at, withdrawn_at, record)
       values (@source, @advisoryId, @folder, @sha256, @modifiedAt, @withdrawnAt, @record)`,
    ).run(values)
    id = Number(lastInsertRowid)
  } else {
    if (note) noteAffected(db, id)
    prepared(
      db,
      `update advisory set folder = @folder, hash = @sha256, modified_at = @modifiedAt, withdrawn_at = @withdrawnAt,
         record = @record where id = @old`,
    ).run(values)
    prepared(db, 'delete from advisory_affected where advisory_id = ?').run(id)
  }
  // A withdrawn record is kept, so that its return is noticed, and names nothing.
  if (withdrawnAt !== null) return
  const insert = prepared(
    db,
    'insert into advisory_affected (source, feed, name, advisory_id, position) values (?, ?, ?, ?, ?)',
  )
  advisory.affected.forEach(({ feed, name }, position) => insert.run(source, feed, name, id, position))
  if (note) noteAffected(db, id)
}

interface ChangedCve {
  readonly facts: CveFacts
  readonly record: string
  readonly sha256: string
}

function storeCve(db: Db, source: AdvisorySource, { facts, record, sha256 }: ChangedCve): void {
  prepared(
    db,
    `insert into cve_fact (source, cve_id, hash, record) values (?, ?, ?, ?)
     on conflict (source, cve_id) do update set hash = excluded.hash, record = excluded.record`,
  ).run(source, facts.id, sha256, record)
  // A CVE's facts matter where it was found, open or closed; whoever does not have it looks it up when it does.
  prepared(
    db,
    `insert into advisory_change (source, feed, name)
     select distinct ?, m.feed, m.source_name from match_fact m where m.vulnerability_id = ? on conflict do nothing`,
  ).run(source, facts.id)
}

function noteAffected(db: Db, advisoryRow: number): void {
  prepared(
    db,
    `insert into advisory_change (source, feed, name)
     select source, feed, name from advisory_affected where advisory_id = ? on conflict do nothing`,
  ).run(advisoryRow)
}

/** Notes what the records with these ids name. Within a transaction. */
export function noteRecords(db: Db, source: AdvisorySource, ids: readonly string[]): void {
  prepared(
    db,
    `insert into advisory_change (source, feed, name)
     select aa.source, aa.feed, aa.name from json_each(@ids) j
       cross join advisory a on a.source = @source and a.advisory_id = j.value
       join advisory_affected aa on aa.advisory_id = a.id
     where true on conflict do nothing`,
  ).run({ ids: JSON.stringify(ids), source })
}

function noteChange(db: Db, source: AdvisorySource, feed: string, name: string): void {
  prepared(
    db,
    'insert into advisory_change (source, feed, name) values (?, ?, ?) on conflict do nothing',
  ).run(source, feed, name)
}

/** See generation.ts. The source's row is there from its first chunk on; its location is set when all are in. */
export function countChange(db: Db, source: AdvisorySource): void {
  prepared(
    db,
    `insert into advisory_source (source, location, imported_at, generation) values (?, '', '', 1)
     on conflict (source) do update set generation = generation + 1`,
  ).run(source)
}
