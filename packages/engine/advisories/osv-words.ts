import type { Cvss } from '@plimsoll/types'
import type { Advisory, Affected } from './advisory.ts'
import { cvssOf } from './cvss.ts'
import { type Fields, fieldsOf, listOf, textOf } from './json.ts'
import { isNotice } from './notices.ts'

/** What is said in words of a record, beside its ranges: how bad it is, how urgent, and whether a fix will come. */

const willNotFix = /^(end-?of-?life|ignored|out-of-support-scope|will-?not-?fix|wont-?fix)$/
const deferred = /^(deferred|fix-deferred|postponed)$/

/**
 * What vendors put beside a package. Debian: `ecosystem_specific.urgency`, the tracker's urgency in a release, of which
 * `unimportant` and `end-of-life` are more than an urgency, and stars say that nobody has looked at it by hand. Ubuntu,
 * for a while: `ecosystem_specific.ubuntu_priority`. OSV's exports say no more of states, so Debian's no-dsa, ignored,
 * postponed and undetermined look like any other unfixed vulnerability there; whoever does say them says them in
 * `status` or `fix_state`, in the words of Debian's tracker or of Red Hat's.
 */
export function wordsOf(entry: Fields): Pick<Affected, 'urgency' | 'fixNote'> {
  const own = fieldsOf(entry.ecosystem_specific)
  const database = fieldsOf(entry.database_specific)
  if (own === null && database === null) return noWords
  const word = (name: string): string | null => {
    const text = textOf(own?.[name]) ?? textOf(database?.[name])
    return text === null || text.length > maxWordChars ? null : text.toLowerCase()
  }
  const urgency = (word('urgency') ?? word('ubuntu_priority'))?.replace(/\*+$/, '') ?? null
  const states = [urgency, word('fix_state'), word('status')].map(
    state => state?.replaceAll(/[ _]/g, '-') ?? '',
  )
  const fixNote = states.some(state => willNotFix.test(state))
    ? 'will-not-fix'
    : states.some(state => deferred.test(state))
      ? 'deferred'
      : null
  return { urgency, fixNote }
}

/** What is longer is no word. */
const maxWordChars = 100

const noWords = { urgency: null, fixNote: null }

/** CVSS vectors, and a vendor's word on his own scale. */
export function severitiesOf(
  record: Fields,
  id: string,
  notes: string[],
): Pick<Advisory, 'cvss' | 'vendorSeverity'> {
  const source = sourceOf(record, id)
  const cvss: Cvss[] = []
  let vendorSeverity: Advisory['vendorSeverity'] = null
  for (const value of allSeverities(record).slice(0, maxSeverities)) {
    const severity = fieldsOf(value)
    const type = textOf(severity?.type)
    const score = textOf(severity?.score)
    if (type === null || score === null) notes.push('a severity has no type or no score')
    else if (!type.startsWith('CVSS_')) {
      if (type.length + score.length > maxWordChars) notes.push('a severity is no word')
      else vendorSeverity ??= { vendor: type, word: score.toLowerCase() }
    } else {
      const one = cvssOf(score, source)
      if (one === null) notes.push(`"${score.slice(0, 100)}" is no CVSS vector`)
      else if (!cvss.some(({ vector }) => vector === one.vector)) cvss.push(one)
    }
  }
  const word = vendorSeverity === null ? wordOf(record, id) : null
  return { cvss, vendorSeverity: word === null ? vendorSeverity : { vendor: source, word } }
}

/** Each is compared with those before it; records have three at most, or one for each package. */
const maxSeverities = 1000

/** A record has its severities at the top or with the packages, never both. */
function allSeverities(record: Fields): readonly unknown[] {
  const top = listOf(record.severity)
  if (top.length > 0) return top
  return listOf(record.affected).flatMap(entry => listOf(fieldsOf(entry)?.severity))
}

/**
 * The vendor's word where it is no severity of its own: in `database_specific.severity` (Rocky Linux, SUSE, openEuler,
 * GitHub), or in the title of a notice ("Important: nodejs:12 security update", "nodejs (Moderate)").
 */
function wordOf(record: Fields, id: string): string | null {
  const said = textOf(fieldsOf(record.database_specific)?.severity)
  if (said !== null && /^[A-Za-z][A-Za-z -]{1,30}$/.test(said)) return said.toLowerCase()
  if (!isNotice(id)) return null
  const title = textOf(record.summary) ?? ''
  const [, first, last] =
    /^(critical|important|moderate|low): |\((critical|important|moderate|low)\)$/i.exec(title) ?? []
  return (first ?? last)?.toLowerCase() ?? null
}

/** Who speaks: the ecosystem without its release ("Ubuntu"), else the id's prefix ("GHSA"). */
function sourceOf(record: Fields, id: string): string {
  if (id.startsWith('GHSA-')) return 'GitHub'
  const first = fieldsOf(fieldsOf(listOf(record.affected)[0])?.package)
  return textOf(first?.ecosystem)?.split(':')[0] ?? id.split('-')[0] ?? id
}
