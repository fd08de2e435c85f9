import { compareAlpine, compareDebian, compareRpm } from './naive-orders.ts'

/**
 * A second matcher, to hold the first one against: it reads raw OSV records itself, compares every record with every
 * package without an index, follows the specification's evaluation of events word by word, and orders versions with
 * comparators of its own or by what the package manager itself answers. Slow and short on purpose; it shares no code
 * with what it checks.
 */

/** An OSV record as it is published, as far as it is read here. */
export interface RawRecord {
  readonly id: string
  readonly summary?: string
  readonly withdrawn?: string
  readonly aliases?: readonly string[]
  readonly upstream?: readonly string[]
  readonly related?: readonly string[]
  readonly affected?: readonly RawAffected[]
}

export interface RawAffected {
  readonly package: { readonly ecosystem: string; readonly name: string }
  readonly versions?: readonly string[]
  readonly ranges?: readonly { readonly type: string; readonly events: readonly Record<string, string>[] }[]
}

export interface NaivePackage {
  readonly name: string
  readonly version: string
  readonly sourceName: string
  readonly sourceVersion: string
  readonly module: string | null
}

type Order = (a: string, b: string) => number

/** What one record says of one package in one channel. */
interface Statement {
  readonly id: string
  readonly paid: boolean
  /** Fixes of the ranges that hold the version; empty: it is not affected. */
  readonly fixes: readonly (string | null)[]
  /** It holds, but perhaps it is about another module stream. */
  readonly doubtful: boolean
  /** Minor releases of its fixes. */
  readonly lines: readonly (string | undefined)[]
}

/**
 * Sorted lines `CVE source sourceVersion | fix | advisory,advisory | name name`: the names of the affected packages as
 * they were looked up; fix is a version, `none`, `pro:version`, `?` where it is of several packages, or `unclear`.
 *
 * @param feed of the release: `Debian:12`. Of Ubuntu, the feed of Pro is read beside it.
 * @param ask how an installed version stands to a bound, for instance by dpkg; without it by an order of our own.
 */
export function matchNaively(
  all: readonly RawRecord[],
  feed: string,
  packages: readonly NaivePackage[],
  ask?: Order,
): string[] {
  const channels = feed.startsWith('Ubuntu') ? [feed, feed.replace(':', ':Pro:')] : [feed]
  // A record of the kernel has some hundred entries of other releases.
  const records = all.map(one => ({
    ...one,
    affected: (one.affected ?? []).filter(entry => channels.includes(entry.package.ecosystem)),
  }))
  const order = feed.startsWith('Alpine') ? compareAlpine : /^(Alma|Rocky)/.test(feed) ? compareRpm : compareDebian
  const compare: Order = ask ?? order
  const binary = /^(Alma|Rocky)/.test(feed)
  const found = new Map<string, { statements: Statement[]; names: Set<string> }>()
  // Rocky's own export names sources, other lists of its advisories binary packages.
  const siblings = feed.startsWith('Rocky') ? distinct(packages.filter(one => one.name !== one.sourceName), false) : []
  for (const one of [...distinct(packages, binary), ...siblings]) {
    const said = new Map<string, Statement[]>()
    for (const record of records) {
      if (record.withdrawn || isNotice(record)) continue
      for (const channel of channels) {
        const statement = statementOf(record, channel, one, { compare, order, paid: channel !== feed })
        if (statement === null) continue
        for (const id of vulnerabilitiesOf(record, records)) said.set(id, [...(said.get(id) ?? []), statement])
      }
    }
    for (const [id, statements] of said) {
      const own = statements.filter(statement => isOwn(statement, one.version, feed))
      const holding = (own.length > 0 ? own : statements).filter(({ fixes }) => fixes.length > 0)
      const certain = holding.filter(({ doubtful }) => !doubtful)
      const counted = certain.length > 0 ? certain : holding
      if (counted.length === 0) continue
      const key = `${id} ${one.sourceName} ${one.sourceVersion}`
      const entry = found.get(key) ?? { statements: [], names: new Set() }
      found.set(key, entry)
      entry.statements.push(...counted.map(statement => ({ ...statement, name: one.name })))
      for (const { doubtful } of counted) entry.names.add(`${doubtful ? '?' : ''}${one.name}`)
    }
  }
  return [...found].map(([key, entry]) => line(key, entry, order, feed, records)).sort()
}

/** Each package once as the feed would name it. */
function distinct(packages: readonly NaivePackage[], binary: boolean): NaivePackage[] {
  const named = packages.map(one => (binary ? one : { ...one, name: one.sourceName, version: one.sourceVersion }))
  return [...new Map(named.map(one => [JSON.stringify([one.name, one.version, one.module, one.sourceName, one.sourceVersion]), one])).values()]
}

function line(
  key: string,
  { statements, names }: { statements: Statement[]; names: Set<string> },
  order: Order,
  feed: string,
  records: readonly RawRecord[],
): string {
  const certain = statements.filter(({ doubtful }) => !doubtful)
  const counted = certain.length > 0 ? certain : statements
  const ids = [...new Set(counted.map(({ id }) => id))].sort().join(',')
  const shown = [...names].filter(name => certain.length === 0 || !name.startsWith('?'))
  const who = shown.map(name => name.replace('?', '')).sort().join(' ')
  if (certain.length === 0) return `${key} | unclear | ${ids} | ${who}`
  const highest = (versions: readonly (string | null)[]) =>
    versions.includes(null) ? null : (versions.toSorted((a, b) => order(b!, a!))[0] ?? null)
  const free = counted.some(({ paid }) => paid) ? null : highest(counted.flatMap(({ fixes }) => fixes))
  const inPro = counted.flatMap(statement => {
    if (statement.paid || !statement.fixes.includes(null)) return statement.fixes
    const [, name = ''] = key.split(' ')
    const entries = records
      .filter(({ id }) => id === statement.id)
      .flatMap(({ affected = [] }) => affected)
      .filter(one => one.package.ecosystem === feed.replace(':', ':Pro:') && one.package.name === name)
    const fixes = entries.flatMap(({ ranges = [] }) => ranges.map(({ events }) => events[1]?.['fixed'] ?? null))
    return fixes.length > 0 ? fixes : [null]
  })
  const pro = feed.startsWith('Ubuntu') ? highest(inPro) : null
  const fix = shown.length > 1 ? '?' : (free ?? (pro === null ? 'none' : `pro:${pro}`))
  return `${key} | ${fix} | ${ids} | ${who}`
}

/** Whether it is about the channel, or the minor release, that the installed version is from. */
function isOwn({ paid, lines }: Statement, version: string, feed: string): boolean {
  if (feed.startsWith('Ubuntu')) return paid === /[+~]esm\d/.test(version)
  const line = minorOf(version)
  return line !== undefined && lines.includes(line)
}

/** `8_5` of `.el8_5.13`, of `.module_el8.5.0+119+9a9ec082` and of `.module+el8.5.0+119+9a9ec082`. */
function minorOf(version: string): string | undefined {
  const [, plain, module] = /\.el(\d+_\d+)|\.module[_+]el(\d+\.\d+)/.exec(version) ?? []
  return plain ?? module?.replace('.', '_')
}

const isOfModule = (version: string): boolean => /\.module[_+]el/.test(version)

/** What is before the dist tag is the same for all builds of one source. */
const sourceOf = (version: string): string => version.split(/\.el\d|\.module[_+]/)[0] ?? ''

function statementOf(
  { id, summary = '', affected = [] }: RawRecord,
  feed: string,
  { name, version, module }: NaivePackage,
  { compare, order, paid }: { compare: Order; order: Order; paid: boolean },
): Statement | null {
  let entries = affected.filter(one => one.package.ecosystem === feed && one.package.name === name)
  if (entries.length === 0) return null
  const fixesNamed = entries.flatMap(({ ranges = [] }) => ranges.map(({ events }) => events[1]?.['fixed'] ?? ''))
  let doubtful = false
  if (/^(Alma|Rocky)/.test(feed)) {
    const aboutModules = fixesNamed.some(isOfModule)
    if (aboutModules !== (module !== null || isOfModule(version))) return null
    if (aboutModules) {
      const streams: readonly string[] = summary.match(/[\w.+-]+:[\w.+-]+/g) ?? []
      if (module === null || streams.length === 0) doubtful = true
      else if (!streams.includes(module)) return null
    }
    const same = fixesNamed.find(fix => compare(version, fix) === 0)
    const groups = [...Map.groupBy(fixesNamed, sourceOf).values()].map(group => group.toSorted(order))
    const own = groups.filter(group => group.some(fix => minorOf(fix) === minorOf(version) && minorOf(fix) !== undefined))
    // Of updates in several minor releases outside modules, that of the own one.
    const first = (group: readonly string[]) =>
      group.every(fix => minorOf(fix) !== undefined && !isOfModule(fix))
        ? (group.find(fix => minorOf(fix) === minorOf(version)) ?? group[0])
        : group[0]
    const deciding: (string | undefined)[] = same === undefined ? (own.length > 0 ? own : groups).map(first) : [same]
    entries = entries.filter(({ ranges = [] }) => deciding.includes(ranges[0]?.events[1]?.['fixed']))
  }
  const fixes = entries.flatMap(entry => fixesIfAffected(entry, version, compare, order) ?? [])
  const lines = entries.flatMap(({ ranges = [] }) => ranges.map(({ events }) => minorOf(events[1]?.['fixed'] ?? '')))
  return { id, paid, fixes, doubtful: doubtful && fixes.length > 0, lines }
}

/** The CVEs a record is about: its own id, or all that it names; without one, the ids that it says it goes by too. */
function vulnerabilitiesOf(record: RawRecord, records: readonly RawRecord[]): string[] {
  const direct = cvesOf(record)
  if (direct.length > 0) return direct
  // Every id that some record without a CVE ties to this one, and the CVEs of those that are tied to it.
  const tied = new Set([record.id])
  const cves = new Set<string>()
  for (const id of tied) {
    for (const other of records) {
      if (other.withdrawn || (other.id !== id && !other.aliases?.includes(id))) continue
      for (const cve of cvesOf(other)) cves.add(cve)
      if (cvesOf(other).length === 0) for (const name of [other.id, ...(other.aliases ?? [])]) tied.add(name)
    }
  }
  return cves.size > 0 ? [...cves] : [[...tied].sort()[0] ?? record.id]
}

/** Of bug fixes and enhancements, and of no vulnerability. */
const isNotice = (record: RawRecord): boolean => /^(AL|RL)[BE]A-/.test(record.id) && cvesOf(record).length === 0

function cvesOf({ id, aliases = [], upstream = [], related = [] }: RawRecord): string[] {
  if (id.startsWith('CVE-')) return [id]
  // AlmaLinux and Rocky Linux name the CVEs of an erratum as related.
  const names = [...aliases, ...upstream, ...(/^(AL|RL)[SBE]A-/.test(id) ? related : [])]
  return [...new Set(names.filter(name => name.startsWith('CVE-')))]
}

/** The fixes of the ranges that hold the version; null when it is not affected. */
function fixesIfAffected(affected: RawAffected, version: string, compare: Order, order: Order): (string | null)[] | null {
  const fixes: (string | null)[] = []
  const allFixes: string[] = []
  for (const range of affected.ranges ?? []) {
    if (range.type === 'GIT') continue
    const events = range.events.flatMap(event => Object.entries(event)).filter(([kind]) => kind !== 'limit')
    const turns = ['fixed', 'introduced', 'last_affected']
    const sorted = [...events].sort((a, b) => {
      if (a[0] === 'introduced' && a[1] === '0') return b[0] === 'introduced' && b[1] === '0' ? 0 : -1
      if (b[0] === 'introduced' && b[1] === '0') return 1
      return order(a[1], b[1]) || turns.indexOf(a[0]) - turns.indexOf(b[0])
    })
    let vulnerable = false
    let open = false
    let fix: string | null = null
    for (const [kind, bound] of sorted) {
      if (kind === 'introduced' && (bound === '0' || compare(version, bound) >= 0)) vulnerable = true
      if (kind === 'fixed' && compare(version, bound) >= 0) vulnerable = false
      // What was fixed at the beginning never was affected.
      if (kind === 'fixed' && bound === '0' && sorted[0]?.[1] === '0') vulnerable = false
      if (kind === 'last_affected' && compare(version, bound) > 0) vulnerable = false
      // A fix of what was not open is none.
      if (kind === 'fixed' && open) allFixes.push(bound)
      open = kind === 'introduced'
    }
    if (!vulnerable) continue
    // The first event above the version that ends the range says how it ends.
    for (const [kind, bound] of sorted) {
      if (kind === 'last_affected' && compare(version, bound) <= 0) break
      if (kind === 'fixed' && compare(version, bound) < 0) {
        fix = bound
        break
      }
    }
    fixes.push(fix)
  }
  if (fixes.length > 0) return fixes
  if (!affected.versions?.includes(version)) return null
  const above = allFixes.filter(fix => compare(version, fix) < 0).sort(order)
  return [above[0] ?? null]
}
