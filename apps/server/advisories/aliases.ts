import { type AliasAssertion, type AliasGroups, aliasGroups } from '@plimsoll/engine'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { generationOf } from './generation.ts'
import { countChange, hasFeeds, noteRecords } from './store.ts'

/** One more id for a vulnerability; see the table. */
interface AliasRow {
  readonly id: string
  readonly canonical: string
  readonly kind: 'name' | 'about' | 'withdrawn'
}

/** What is to become of the ids of one vulnerability. */
interface AliasChange {
  readonly canonical: string
  readonly added: AliasRow[]
  readonly removed: AliasRow[]
}

/** A write transaction of this many ids stays well under 50 ms. */
const chunkSize = 1000

/**
 * Works out anew which ids stand for one vulnerability, from all records of a source at once, and writes what changed.
 * Which packages that concerns is noted in the same transaction. Does nothing when no record changed since.
 * @param pause called between transactions.
 * @returns how many vulnerabilities go by other ids now.
 */
export async function storeAliases(
  db: Db,
  source: AdvisorySource,
  pause: () => Promise<void>,
): Promise<number> {
  const generation = generationOf(db, source)
  const done = prepared(db, 'select alias_generation from advisory_source where source = ?')
    .pluck()
    .get(source)
  if (done === generation) return 0
  const changes = changesTo(db, source, aliasGroups(assertions(db, source)))
  const note = hasFeeds(db, source)
  for (const chunk of chunked(changes)) {
    inTransaction(db, () => {
      for (const change of chunk) storeChange(db, source, change, note)
      countChange(db, source)
    })
    await pause()
  }
  prepared(db, 'update advisory_source set alias_generation = generation where source = ?').run(source)
  return changes.length
}

/** What each record says of ids. The records themselves stay where they are. */
function* assertions(db: Db, source: AdvisorySource, which = ''): Generator<AliasAssertion> {
  const rows = prepared(
    db,
    `select advisory_id id, withdrawn_at withdrawnAt, record ->> '$.aliases' aliases, record ->> '$.upstream' upstream
     from advisory where source = ? ${which}`,
  ).iterate(source) as Iterable<{ id: string; withdrawnAt: string | null; aliases: string; upstream: string }>
  for (const { id, withdrawnAt, aliases, upstream } of rows) {
    yield { id, withdrawnAt, aliases: idsOf(aliases), upstream: idsOf(upstream) }
  }
}

const idsOf = (json: string): string[] => (json === '[]' ? [] : (JSON.parse(json) as string[]))

function changesTo(db: Db, source: AdvisorySource, groups: AliasGroups): AliasChange[] {
  const changes = new Map<string, AliasChange>()
  const changeOf = (canonical: string): AliasChange =>
    changes.getOrInsertComputed(canonical, () => ({ canonical, added: [], removed: [] }))
  const wanted = wantedRows(db, source, groups)
  const stored = prepared(db, 'select id, canonical, kind from alias where source = ?')
  for (const row of stored.iterate(source) as Iterable<AliasRow>) {
    const key = keyOf(row)
    if (wanted.get(key)?.kind === row.kind) wanted.delete(key)
    else changeOf(row.canonical).removed.push(row)
  }
  for (const row of wanted.values()) changeOf(row.canonical).added.push(row)
  return [...changes.values()]
}

function wantedRows(db: Db, source: AdvisorySource, groups: AliasGroups): Map<string, AliasRow> {
  const wanted = new Map<string, AliasRow>()
  // Of two kinds the first says more.
  const want = (row: AliasRow): void => void wanted.getOrInsert(keyOf(row), row)
  for (const { canonical, ids } of groups) {
    for (const id of ids) if (id !== canonical) want({ id, canonical, kind: 'name' })
  }
  const records = prepared(db, 'select advisory_id from advisory where source = ?').pluck()
  for (const id of records.iterate(source) as Iterable<string>) {
    for (const { canonical, ids } of groups.of(id))
      if (!ids.includes(id)) want({ id, canonical, kind: 'about' })
  }
  for (const { id, aliases, upstream } of assertions(db, source, 'and withdrawn_at is not null')) {
    for (const canonical of [...aliases, ...upstream]) {
      if (canonical !== id) want({ id, canonical, kind: 'withdrawn' })
    }
  }
  return wanted
}

const keyOf = ({ id, canonical }: AliasRow): string => `${id}\u0000${canonical}`

/** Some at a time, those of one vulnerability together: no one is to see half of its names. */
function* chunked(changes: readonly AliasChange[]): Generator<AliasChange[]> {
  let chunk: AliasChange[] = []
  let rows = 0
  for (const change of changes) {
    chunk.push(change)
    rows += change.added.length + change.removed.length
    if (rows < chunkSize) continue
    yield chunk
    chunk = []
    rows = 0
  }
  if (chunk.length > 0) yield chunk
}

function storeChange(
  db: Db,
  source: AdvisorySource,
  { canonical, added, removed }: AliasChange,
  note: boolean,
): void {
  const remove = prepared(db, 'delete from alias where source = ? and id = ? and canonical = ?')
  for (const row of removed) remove.run(source, row.id, row.canonical)
  const add = prepared(db, 'insert into alias (source, id, canonical, kind) values (?, ?, ?, ?)')
  for (const row of added) add.run(source, row.id, row.canonical, row.kind)
  if (!note) return
  // Those that go by these ids, or did.
  const remaining = prepared(db, 'select id from alias where source = ? and canonical = ?').pluck()
  const ids = [canonical, ...(remaining.all(source, canonical) as string[]), ...removed.map(({ id }) => id)]
  noteRecords(db, source, ids)
}
