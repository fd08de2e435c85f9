import { createHash } from 'node:crypto'
import { type Explanation, type Match, severityRank } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { fold, searchTextOf } from './search-text.ts'

const insertFact = `insert into match_fact (
  hash, vulnerability_id, vulnerability_order, ecosystem, feed, source_name, source_version, state, severity_rank, cvss_v3,
  patchable, category, security_check, published_at, search_text, category_folded, security_check_folded, record
) values (
  @hash, @vulnerabilityId, @vulnerabilityOrder, @ecosystem, @feed, @sourceName, @sourceVersion, @state, @severityRank,
  @cvssV3, @patchable, @category, @securityCheck, @publishedAt, @searchText, @categoryFolded, @securityCheckFolded, @record
)`

/**
 * The row of a match, made when no occurrence had it yet. Within a transaction.
 * @returns its id, and whether it is new (no rule has judged it yet).
 */
export function storeMatch(db: Db, match: Match): { id: number; isNew: boolean } {
  const record = JSON.stringify(match)
  const hash = createHash('sha256').update(record).digest('hex')
  const known = prepared(db, 'select id from match_fact where hash = ?').get(hash) as
    | { id: number }
    | undefined
  if (known !== undefined) return { id: known.id, isNew: false }
  const { lastInsertRowid } = prepared(db, insertFact).run({
    hash,
    record,
    vulnerabilityId: match.vulnerabilityId,
    vulnerabilityOrder: paddedNumbers(match.vulnerabilityId),
    ecosystem: match.ecosystem,
    feed: match.feed,
    sourceName: match.sourceName,
    sourceVersion: match.sourceVersion,
    state: match.state,
    severityRank: severityRank[match.severity],
    cvssV3: match.cvssV3BaseScore,
    patchable: match.patchable ? 1 : 0,
    category: match.category,
    securityCheck: match.securityCheck,
    publishedAt: match.publishedAt,
    searchText: searchTextOf(match),
    categoryFolded: fold(match.category),
    securityCheckFolded: fold(match.securityCheck),
  })
  const id = Number(lastInsertRowid)
  for (const cve of cvesOf(match)) {
    prepared(db, 'insert into match_cve (cve, match_id) values (?, ?)').run(cve, id)
  }
  for (const layer of new Set(match.packages.map(one => one.layer))) {
    if (layer !== null) prepared(db, 'insert into match_layer (layer, match_id) values (?, ?)').run(layer, id)
  }
  prepared(
    db,
    `insert into match_threat (match_id, kev, epss) values (@id, exists (select 1 from kev where cve = @cve),
       (select probability from epss where cve = @cve))`,
  ).run({ id, cve: match.vulnerabilityId })
  return { id, isNew: true }
}

/** A match as it was stored. Those that older versions stored say less. */
type StoredMatch = Omit<Match, 'vendorSeverities' | 'explanations'> &
  Partial<Pick<Match, 'vendorSeverities'>> & { readonly explanations: readonly StoredExplanation[] }
type StoredExplanation = Omit<Explanation, 'packageName' | 'module'> &
  Partial<Pick<Explanation, 'packageName' | 'module'>>

export function matchOf(record: string): Match {
  const match = JSON.parse(record) as StoredMatch
  const explanations = match.explanations.map(one => ({
    packageName: match.sourceName,
    module: null,
    ...one,
  }))
  return { vendorSeverities: [], ...match, explanations }
}

/** Drops those of the given rows that no finding uses any more. */
export function dropUnused(db: Db, ids: readonly number[]): void {
  const drop = prepared(
    db,
    'delete from match_fact where id = @id and not exists (select 1 from finding where match_id = @id)',
  )
  for (const id of ids) drop.run({ id })
}

/** The CVEs a match is about: what its `cves` link to and its own id. Upper-case, each once. */
function cvesOf(match: Match): string[] {
  const ids = [match.vulnerabilityId, ...match.cves.map(cve => cve.title)].map(id => id.trim().toUpperCase())
  return [...new Set(ids.filter(id => id.startsWith('CVE-')))]
}

const paddedNumbers = (id: string): string => id.replace(/\d+/g, digits => digits.padStart(10, '0'))
