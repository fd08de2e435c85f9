import type { Cvss, Link } from '@plimsoll/types'
import { ecosystems } from '../ecosystems/index.ts'
import type { Advisory, Affected, Interval } from './advisory.ts'
import { cvssOf } from './cvss.ts'
import { type Fields, fieldsOf, listOf, textOf, textsOf, timeOf } from './json.ts'
import { intervalsOf, type RangeEvent } from './osv-events.ts'

/** A record that cannot be used. Its message says what is wrong; the feed goes on without it. */
export class InvalidRecord extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'InvalidRecord'
  }
}

/** An advisory, and in a phrase each what of its record was passed over because it made no sense. */
export interface ReadAdvisory {
  readonly advisory: Advisory
  readonly notes: readonly string[]
}

/**
 * Reduces an OSV record (https://ossf.github.io/osv-schema/, 1.x) to the facts Plimsoll uses.
 *
 * What names no package or no version (GIT ranges) is left out. What makes no sense and decides nothing (a CVSS
 * vector, a date, a link) is noted and left out; a record that cannot say what it affects is refused as a whole.
 * @throws InvalidRecord
 */
export function parseOsvRecord(json: unknown): ReadAdvisory {
  const record = fieldsOf(json)
  if (record === null) throw new InvalidRecord('the record is no JSON object')
  const id = textOf(record.id)
  if (id === null) throw new InvalidRecord('the record has no id')
  const notes: string[] = []
  const affected = affectedOf(record, notes)
  const time = (name: string): string | null => {
    const read = timeOf(record[name])
    if (read === null && record[name] != null) notes.push(`"${name}" is no date`)
    return read
  }
  const advisory = {
    id,
    aliases: textsOf(record.aliases).filter(alias => alias !== id),
    upstream: textsOf(record.upstream).filter(alias => alias !== id),
    withdrawnAt: time('withdrawn'),
    publishedAt: time('published'),
    modifiedAt: time('modified'),
    summary: textOf(record.summary),
    details: textOf(record.details),
    ...severitiesOf(record, id, notes),
    references: referencesOf(record, notes),
    affected,
  }
  // A record that was taken back on a day nobody can read was taken back.
  if (record.withdrawn != null && advisory.withdrawnAt === null)
    advisory.withdrawnAt = new Date(0).toISOString()
  return { advisory, notes }
}

function affectedOf(record: Fields, notes: string[]): Affected[] {
  if (record.affected != null && !Array.isArray(record.affected))
    throw new InvalidRecord('"affected" is no list')
  return listOf(record.affected).flatMap((value, at) => {
    const where = `affected[${at}]`
    const entry = fieldsOf(value)
    if (entry === null) throw new InvalidRecord(`${where} is no object`)
    // A record about a repository alone names no package: there is nothing to look up.
    if (entry.package == null) return []
    const named = fieldsOf(entry.package)
    const feed = textOf(named?.ecosystem)
    const name = textOf(named?.name)
    if (feed === null || name === null)
      throw new InvalidRecord(`${where}.package has no ecosystem or no name`)
    const { urgency, fixNote } = wordsOf(entry)
    return [
      {
        feed,
        name,
        intervals: rangesOf(entry, feed, where, notes),
        versions: textsOf(entry.versions),
        urgency,
        fixNote,
        module: null,
      },
    ]
  })
}

function rangesOf(entry: Fields, feed: string, where: string, notes: string[]): Interval[] {
  return listOf(entry.ranges).flatMap((value, at) => {
    const range = fieldsOf(value)
    const type = range?.type
    if (range === null || typeof type !== 'string')
      throw new InvalidRecord(`${where}.ranges[${at}] has no type`)
    // Commits cannot be compared with a package's version.
    if (type === 'GIT') return []
    if (type !== 'ECOSYSTEM' && type !== 'SEMVER') {
      notes.push(`${where}.ranges[${at}] is of the unknown type "${type}"`)
      return []
    }
    return intervalsOf(eventsOf(range, `${where}.ranges[${at}]`), comparatorOf(feed))
  })
}

function eventsOf(range: Fields, where: string): RangeEvent[] {
  const events = listOf(range.events).flatMap((value): RangeEvent[] => {
    const event = fieldsOf(value)
    const [kind, version] = Object.entries(event ?? {})[0] ?? []
    // `limit` bounds a walk through commits; outside GIT the specification gives it no meaning.
    if (kind === 'limit') return []
    if ((kind !== 'introduced' && kind !== 'fixed' && kind !== 'last_affected') || textOf(version) === null) {
      throw new InvalidRecord(
        `${where} has an event that is neither introduced, fixed nor last_affected with a version`,
      )
    }
    return [{ kind, version: version as string }]
  })
  if (!events.some(event => event.kind === 'introduced'))
    throw new InvalidRecord(`${where} has no "introduced" event`)
  return events
}

/** How versions of a feed are ordered; null for the feed of an ecosystem nobody here knows. */
function comparatorOf(feed: string): ((a: string, b: string) => number) | null {
  const folder = feed.split(':')[0] ?? ''
  return ecosystems.find(ecosystem => ecosystem.advisoryFolders.includes(folder))?.compare ?? null
}

/** What vendors put beside a range: Debian's urgency, and words for a fix that will not or not yet come. */
function wordsOf(entry: Fields): Pick<Affected, 'urgency' | 'fixNote'> {
  const own = fieldsOf(entry.ecosystem_specific)
  const database = fieldsOf(entry.database_specific)
  const word = (name: string): string | null => textOf(own?.[name]) ?? textOf(database?.[name])
  const urgency = word('urgency')?.toLowerCase() ?? null
  const state = (word('fix_state') ?? word('status') ?? '').toLowerCase().replaceAll(/[^a-z]/g, '')
  const willNotFix = urgency === 'end-of-life' || ['willnotfix', 'wontfix', 'ignored'].includes(state)
  const deferred = ['deferred', 'fixdeferred', 'postponed'].includes(state)
  return { urgency, fixNote: willNotFix ? 'will-not-fix' : deferred ? 'deferred' : null }
}

/** CVSS vectors, and the first word of a vendor's own scale ("Ubuntu": "medium"). */
function severitiesOf(
  record: Fields,
  id: string,
  notes: string[],
): Pick<Advisory, 'cvss' | 'vendorSeverity'> {
  const source = sourceOf(record, id)
  const cvss: Cvss[] = []
  let vendorSeverity: Advisory['vendorSeverity'] = null
  // A record has its severities at the top or with the packages, never both.
  const top = listOf(record.severity)
  const all =
    top.length > 0 ? top : listOf(record.affected).flatMap(entry => listOf(fieldsOf(entry)?.severity))
  for (const value of all) {
    const severity = fieldsOf(value)
    const type = textOf(severity?.type)
    const score = textOf(severity?.score)
    if (type === null || score === null) notes.push('a severity has no type or no score')
    else if (!type.startsWith('CVSS_')) vendorSeverity ??= { vendor: type, word: score.toLowerCase() }
    else {
      const one = cvssOf(score, source)
      if (one === null) notes.push(`"${score.slice(0, 100)}" is no CVSS vector`)
      else if (!cvss.some(({ vector }) => vector === one.vector)) cvss.push(one)
    }
  }
  return { cvss, vendorSeverity }
}

/** Who speaks: the ecosystem without its release ("Ubuntu"), else the id's prefix ("GHSA"). */
function sourceOf(record: Fields, id: string): string {
  const first = fieldsOf(fieldsOf(listOf(record.affected)[0])?.package)
  return textOf(first?.ecosystem)?.split(':')[0] ?? id.split('-')[0] ?? id
}

function referencesOf(record: Fields, notes: string[]): Link[] {
  return listOf(record.references).flatMap(value => {
    const reference = fieldsOf(value)
    const link = webLink(textOf(reference?.url))
    if (link === null) {
      notes.push('a reference is no http(s) link')
      return []
    }
    const type = (textOf(reference?.type) ?? 'web').toLowerCase()
    return [{ title: `${type.charAt(0).toUpperCase()}${type.slice(1)}: ${new URL(link).hostname}`, link }]
  })
}

/** Only http and https: these links are shown, and a `javascript:` one must never be. */
function webLink(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null
  return /^https?:$/.test(new URL(text).protocol) ? text : null
}
