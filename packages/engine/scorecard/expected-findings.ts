import { earlierByTool, type VersionPair } from './tool-order.ts'

/** An OSV record as it is published, as far as it is read here. */
export interface PublishedRecord {
  readonly id: string
  readonly summary?: string
  readonly withdrawn?: string
  readonly aliases?: readonly string[]
  readonly upstream?: readonly string[]
  readonly related?: readonly string[]
  readonly affected?: readonly {
    readonly package: { readonly ecosystem: string; readonly name: string }
    readonly versions?: readonly string[]
    readonly ranges?: readonly { readonly type: string; readonly events: readonly Record<string, string>[] }[]
  }[]
}

export interface InstalledHere {
  readonly name: string
  readonly version: string
  readonly sourceName: string
  readonly sourceVersion: string
  /** `nodejs:12`, or ''. */
  readonly module: string
}

/** What one record says of one package in one feed: a fix for each build; null where there is none. */
interface Statement {
  readonly record: PublishedRecord
  readonly fixes: readonly (string | null)[]
}

export interface Expected {
  /** Sorted lines `CVE binaryName version`. */
  readonly lines: readonly string[]
  /** Where the records themselves leave open what is right, and a sentence says why. */
  readonly ambiguous: readonly string[]
}

/**
 * The findings that the package manager itself would report: every record of the feeds against every installed package,
 * without an index, each bound compared by dpkg or rpm. It shares no code with the matcher, nor with its naive double.
 *
 * @param feeds the release's own, and `Ubuntu:Pro:...` where its vendor has a paid channel.
 */
export async function expectedFindings(
  ecosystem: 'deb' | 'rpm',
  feeds: { readonly own: string; readonly paid: string | null },
  records: readonly PublishedRecord[],
  installed: readonly InstalledHere[],
): Promise<Expected> {
  const order = orderOf(ecosystem)
  const lines = new Map<string, () => boolean>()
  const ambiguous: string[] = []
  const byName = Map.groupBy(installed, one => (ecosystem === 'deb' ? one.sourceName : one.name))
  for (const record of records) {
    if (record.withdrawn !== undefined) continue
    const ids = vulnerabilitiesOf(record)
    for (const [name, packages] of byName) {
      const own = statementOf(record, feeds.own, name)
      const paid = feeds.paid === null ? null : statementOf(record, feeds.paid, name)
      if (own === null && paid === null) continue
      for (const one of packages) {
        const version = ecosystem === 'deb' ? one.sourceVersion : one.version
        const judged = judgedBy(own, paid, version).filter(statement => isAboutModule(statement, one.module))
        if (judged.length === 0) continue
        const earlier = judged.map(statement => statement.fixes.map(fix => order.earlier(version, fix)))
        const isAffected = () => earlier.every(fixes => fixes.every(isEarlier => isEarlier()))
        // Builds of one fix for several minor releases differ behind the release's number alone.
        if (judged.some(({ fixes }) => new Set(fixes.map(fix => fix?.split('.module')[0])).size > 1)) {
          ambiguous.push(`${record.id} names several fixes of ${name}, and ${version} may be of either line.`)
        }
        for (const id of ids) {
          const line = `${id} ${one.name} ${one.version}`
          const before = lines.get(line)
          lines.set(line, before === undefined ? isAffected : () => before() || isAffected())
        }
      }
    }
  }
  await order.ask()
  const expected = [...lines].filter(([, isAffected]) => isAffected()).map(([line]) => line)
  return { lines: expected.toSorted(), ambiguous }
}

/** Gathers what has to be compared, so that the tool is asked once. */
function orderOf(ecosystem: 'deb' | 'rpm') {
  const pairs: VersionPair[] = []
  let answers: readonly boolean[] = []
  return {
    earlier(installed: string, fixed: string | null): () => boolean {
      if (fixed === null) return () => true
      const at = pairs.push({ installed, fixed }) - 1
      return () => answers[at] === true
    },
    async ask(): Promise<void> {
      answers = await earlierByTool(ecosystem, pairs)
    },
  }
}

function statementOf(record: PublishedRecord, feed: string, name: string): Statement | null {
  const own = (record.affected ?? []).filter(
    one => one.package.ecosystem === feed && one.package.name === name,
  )
  if (own.length === 0) return null
  const fixes = own.flatMap(({ ranges = [], versions = [] }) => {
    if (versions.length > 0) throw new Error(`${record.id} lists versions, which are not expected here`)
    return ranges.map(({ type, events }) => {
      const keys = events.flatMap(event => Object.keys(event)).join(' ')
      const known = type === 'ECOSYSTEM' && events[0]?.['introduced'] === '0'
      if (!known || (keys !== 'introduced' && keys !== 'introduced fixed')) {
        throw new Error(`${record.id} has a range that is not expected here: ${type} ${keys}`)
      }
      return events[1]?.['fixed'] ?? null
    })
  })
  return { record, fixes }
}

/**
 * The paid channel speaks for versions that come from it, beside the public one; for all others only where the public
 * one says nothing any more.
 */
function judgedBy(own: Statement | null, paid: Statement | null, version: string): Statement[] {
  const isPaid = /esm\d/.test(version)
  return [own, isPaid || own === null ? paid : null].filter(one => one !== null)
}

/** "Moderate: nodejs:12 security update" is about that module's stream, where the fixed versions are module builds. */
function isAboutModule({ record, fixes }: Statement, module: string): boolean {
  if (!fixes.some(fix => fix?.includes('.module'))) return module === ''
  const streams: readonly string[] = (record.summary ?? '').match(/\b[\w.+-]+:[\w.+-]+/g) ?? []
  return streams.includes(module)
}

function vulnerabilitiesOf({ id, aliases = [], upstream = [], related = [] }: PublishedRecord): string[] {
  const inRelated = /^(AL|RL)[SBE]A-/.test(id) ? related : []
  const cves = [id, ...aliases, ...upstream, ...inRelated].filter(one => one.startsWith('CVE-'))
  // Notices of bug fixes and enhancements are no vulnerabilities.
  if (cves.length === 0 && /^(AL|RL)[BE]A-/.test(id)) return []
  return cves.length > 0 ? [...new Set(cves)] : [id]
}
