import type { Link } from '@plimsoll/types'
import { ecosystems } from '../ecosystems/index.ts'
import type { Advisory, Affected, Interval } from './advisory.ts'
import { isCve } from './aliases.ts'
import { type Fields, fieldsOf, listOf, textOf, textsOf, timeOf } from './json.ts'
import { isModular, modulesNamed, unnamedModule } from './modules.ts'
import { isNotice, isOtherNotice } from './notices.ts'
import { intervalsOf, type RangeEvent } from './osv-events.ts'
import { severitiesOf, wordsOf } from './osv-words.ts'

/** A record that cannot be used. Its message says what is wrong; the feed goes on without it. */
export class InvalidRecord extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'InvalidRecord'
  }
}

/** An advisory, and in a phrase each what of its record was passed over. */
export interface ReadAdvisory {
  readonly advisory: Advisory
  readonly notes: readonly string[]
}

/**
 * Reduces an OSV record (https://ossf.github.io/osv-schema/, 1.x) to the facts Plimsoll uses.
 *
 * What names no package or no version (GIT ranges) is left out. What makes no sense and decides nothing (a CVSS
 * vector, a date, a link) is noted and left out; a record that cannot say what it affects is refused as a whole. A
 * notice that is about no vulnerability is noted, and affects nothing but shows that its feeds are there.
 * @throws InvalidRecord
 */
export function parseOsvRecord(json: unknown): ReadAdvisory {
  const record = fieldsOf(json)
  if (record === null) throw new InvalidRecord('the record is no JSON object')
  const id = textOf(record.id)
  if (id === null) throw new InvalidRecord('the record has no id')
  const notes: string[] = []
  const { aliases, upstream } = namesOf(record, id)
  const summary = textOf(record.summary)
  const all = affectedOf(record, [...aliases, ...upstream], summary, notes)
  const isAboutNone = isOtherNotice(id) && aliases.length === 0 && upstream.length === 0
  if (isAboutNone) notes.push('it is a notice of bug fixes or enhancements and names no vulnerability')
  const { cvss, vendorSeverity } = severitiesOf(record, id, notes)
  const advisory = {
    id,
    aliases,
    upstream,
    // A record that was taken back on a day nobody can read was taken back.
    withdrawnAt: record.withdrawn == null ? null : (timeIn(record, 'withdrawn', notes) ?? someDay),
    publishedAt: timeIn(record, 'published', notes),
    modifiedAt: timeIn(record, 'modified', notes),
    summary,
    details: textOf(record.details),
    cvss,
    vendorSeverity,
    references: referencesOf(record, notes),
    affected: isAboutNone ? feedsAlone(all) : all,
  }
  return { advisory, notes }
}

const someDay = new Date(0).toISOString()

function timeIn(record: Fields, name: string, notes: string[]): string | null {
  const time = timeOf(record[name])
  if (time === null && record[name] != null) notes.push(`"${name}" is no date`)
  return time
}

/**
 * The ids a record names as its own. `related` has ids of other vulnerabilities that are worth reading of, and is left
 * alone; but notices of updates had their CVEs there before the specification had `upstream` (1.7): those of AlmaLinux
 * have to this day, those of Rocky Linux, Red Hat, SUSE and Debian in older copies. So of a notice that names no CVE
 * otherwise, those in `related` are what it is about.
 */
function namesOf(record: Fields, id: string): Pick<Advisory, 'aliases' | 'upstream'> {
  const names = (field: string): readonly string[] => {
    const all = textsOf(record[field])
    return all.includes(id) ? all.filter(name => name !== id) : all
  }
  const aliases = names('aliases')
  const upstream = names('upstream')
  if (!isNotice(id) || upstream.some(isCve) || aliases.some(isCve)) return { aliases, upstream }
  return { aliases, upstream: [...upstream, ...names('related').filter(isCve)] }
}

function affectedOf(
  record: Fields,
  names: readonly string[],
  title: string | null,
  notes: string[],
): Affected[] {
  if (record.affected != null && !Array.isArray(record.affected))
    throw new InvalidRecord('"affected" is no list')
  let streams: readonly string[] | null = null
  const affected: Affected[] = []
  listOf(record.affected).forEach((value, at) => {
    const entry = fieldsOf(value)
    if (entry === null) throw new InvalidRecord(`affected[${at}] is no object`)
    // A record about a repository alone names no package: there is nothing to look up.
    if (entry.package == null) return
    const named = fieldsOf(entry.package)
    const feed = textOf(named?.ecosystem)
    const name = textOf(named?.name)
    if (feed === null || name === null)
      throw new InvalidRecord(`affected[${at}].package has no ecosystem or no name`)
    const intervals = rangesOf(entry, feed, at, notes)
    const versions = textsOf(entry.versions)
    const { urgency, fixNote } = wordsOf(entry)
    const about = aboutOf(entry, names)
    const said = { feed, name, intervals, versions, urgency, fixNote, module: null }
    if (about !== null) affected.push({ ...said, about })
    else if (!isModular(intervals)) affected.push(said)
    else {
      streams ??= modulesNamed(title ?? '')
      // Which of its modules a package is of is not said: it is the one that the installed package says.
      for (const module of streams.length === 0 ? [unnamedModule] : streams)
        affected.push({ ...said, module })
    }
  })
  return affected
}

/**
 * Ubuntu's notices say in `database_specific.cves_map` which CVEs a release had, as ids or as objects with one. Of what
 * is there and is none of the record's (links to bugs), nobody could say what it is about.
 *
 * @param names the record's other ids, UBUNTU-CVE-2024-3094 for CVE-2024-3094 among them
 */
function aboutOf(entry: Fields, names: readonly string[]): readonly string[] | null {
  const map = fieldsOf(fieldsOf(entry.database_specific)?.cves_map)
  if (!Array.isArray(map?.cves)) return null
  const own = new Set(names.flatMap(name => [name, name.replace(/^[A-Z]+-(?=CVE-)/, '')]))
  const ids = map.cves.flatMap((cve: unknown) => textOf(fieldsOf(cve)?.id ?? cve) ?? [])
  const known = ids.filter(id => own.has(id))
  return known.length === 0 ? null : known
}

/** One entry for each feed, of a package that there is not. */
function feedsAlone(affected: readonly Affected[]): Affected[] {
  const none = { name: '', intervals: [], versions: [], urgency: null, fixNote: null, module: null }
  return Array.from(new Set(affected.map(({ feed }) => feed)), feed => ({ feed, ...none }))
}

function rangesOf(entry: Fields, feed: string, entryAt: number, notes: string[]): readonly Interval[] {
  const ranges = listOf(entry.ranges)
  const ordinary = ranges.length === 1 ? ordinaryRange(ranges[0]) : null
  if (ordinary !== null) return ordinary
  return ranges.flatMap((value, at) => {
    const where = (): string => `affected[${entryAt}].ranges[${at}]`
    const range = fieldsOf(value)
    const type = range?.type
    if (range === null || typeof type !== 'string') throw new InvalidRecord(`${where()} has no type`)
    // Commits cannot be compared with a package's version.
    if (type === 'GIT') return []
    if (type !== 'ECOSYSTEM' && type !== 'SEMVER') {
      notes.push(`${where()} is of the unknown type "${type.slice(0, 100)}"`)
      return []
    }
    return intervalsOf(eventsOf(range, where), comparatorOf(feed))
  })
}

const always: readonly Interval[] = [{ introduced: '0', fixed: null, lastAffected: null }]

/** Nearly every range there is, without a detour: from the beginning, until a fix or for ever. Null for any other. */
function ordinaryRange(value: unknown): readonly Interval[] | null {
  const range = fieldsOf(value)
  if (range?.type !== 'ECOSYSTEM' || !Array.isArray(range.events) || range.events.length > 2) return null
  const [first, second] = range.events.map(fieldsOf)
  if (first?.introduced !== '0' || !hasOneField(first)) return null
  if (second === undefined) return always
  const fixed = second !== null && hasOneField(second) ? textOf(second.fixed) : null
  return fixed === null ? null : [{ introduced: '0', fixed, lastAffected: null }]
}

function hasOneField(event: Fields): boolean {
  let fields = 0
  for (const _ in event) fields += 1
  return fields === 1
}

function eventsOf(range: Fields, where: () => string): RangeEvent[] {
  const events = listOf(range.events).flatMap((value): RangeEvent[] => {
    // The specification wants one field to an event; an event with several says as much as one for each would.
    const fields = Object.entries(fieldsOf(value) ?? {})
    const read = fields.flatMap(([kind, version]) => eventOf(kind, version) ?? [])
    // `limit` bounds a walk through commits; outside GIT the specification gives it no meaning.
    if (fields.length === 0 || read.length < fields.filter(([kind]) => kind !== 'limit').length) {
      throw new InvalidRecord(
        `${where()} has an event that is neither introduced, fixed nor last_affected with a version`,
      )
    }
    return read
  })
  if (!events.some(event => event.kind === 'introduced'))
    throw new InvalidRecord(`${where()} has no "introduced" event`)
  return events
}

function eventOf(kind: string, version: unknown): RangeEvent | null {
  if (kind !== 'introduced' && kind !== 'fixed' && kind !== 'last_affected') return null
  const text = textOf(version)
  return text === null ? null : { kind, version: text }
}

/** How versions of a feed are ordered; null for the feed of an ecosystem nobody here knows. */
function comparatorOf(feed: string): ((a: string, b: string) => number) | null {
  const folder = feed.split(':')[0] ?? ''
  return ecosystems.find(ecosystem => ecosystem.advisoryFolders.includes(folder))?.compare ?? null
}

function referencesOf(record: Fields, notes: string[]): Link[] {
  return listOf(record.references).flatMap(value => {
    const reference = fieldsOf(value)
    const url = webAddress(textOf(reference?.url))
    if (url === null) {
      notes.push('a reference is no http(s) link')
      return []
    }
    const type = (textOf(reference?.type) ?? 'web').toLowerCase()
    const title = `${type.charAt(0).toUpperCase()}${type.slice(1)}: ${url.hostname}`
    return [{ title, link: reference?.url as string }]
  })
}

/** Only http and https: these links are shown, and a `javascript:` one must never be. */
function webAddress(text: string | null): URL | null {
  const url = text === null ? null : URL.parse(text)
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : null
}
