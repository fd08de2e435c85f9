import {
  type Cvss,
  type Severity,
  severityOfBaseScore,
  severityRank,
  type VendorSeverity,
} from '@plimsoll/types'
import type { Advisory, Affected, CveFacts } from '../advisories/advisory.ts'
import { isCve } from '../advisories/aliases.ts'
import { byText } from './texts.ts'

/** How bad a vulnerability is, and who says so. */
export interface Rating {
  readonly severity: Severity
  /** A vendor ("Ubuntu"), "CVSS 3.1 (NVD)", or null when nobody says anything. */
  readonly source: string | null
  /** What vendors say, each word once, the worst first. */
  readonly vendors: readonly VendorSeverity[]
  /** Every vector known, the one that would be used first, first. */
  readonly cvss: readonly Cvss[]
  readonly cvssV3BaseScore: number | null
}

/** A record, and those of its entries that speak of the package. */
interface Spoken {
  readonly advisory: Advisory
  readonly entries: readonly Affected[]
}

/** Words of vendors' scales. Others, such as Ubuntu's `untriaged` or Debian's `not yet assigned`, say nothing. */
const words: Readonly<Record<string, Severity>> = {
  critical: 'Critical',
  high: 'High',
  important: 'High',
  medium: 'Medium',
  moderate: 'Medium',
  low: 'Low',
  negligible: 'Low',
  unimportant: 'Low',
}

/** Version 3 is what most records carry and what people compare with; 4.0 before 2.0 because it is maintained. */
const preferred: readonly Cvss['version'][] = ['3.1', '3.0', '4.0', '2.0']

/**
 * Severity of a vulnerability: the vendor's own word, the worst of them where several records speak; else the CVSS
 * vectors of the records about it alone; else those of the CVE; else those of notices about several, which are of the
 * worst of these; else Unknown.
 *
 * @param category who speaks where a record has only an urgency: "Debian".
 */
export function rate(records: readonly Spoken[], cve: CveFacts | null, category: string): Rating {
  const { bundle = [], own = [] } = Object.groupBy(records, ({ advisory }) =>
    isBundle(advisory) ? 'bundle' : 'own',
  )
  const cvss = inPreference([vectorsOf(own), cve?.cvss ?? [], vectorsOf(bundle)])
  const v3 = cvss.find(({ version }) => version === '3.1' || version === '3.0')
  const cvssV3BaseScore = v3?.baseScore ?? null

  const vendors = vendorsOf(records, category)
  const worst = vendors.find(({ severity }) => severity !== 'Unknown')
  if (worst !== undefined)
    return { severity: worst.severity, source: worst.source, vendors, cvss, cvssV3BaseScore }

  const first = cvss[0]
  if (first === undefined) return { severity: 'Unknown', source: null, vendors, cvss, cvssV3BaseScore }
  const source = `CVSS ${first.version} (${first.source})`
  return { severity: severityOfBaseScore(first.baseScore), source, vendors, cvss, cvssV3BaseScore }
}

/** Words that stand where a severity could and say something else: whether there will be a fix. */
const wordsOfFixing = new Set(['end-of-life'])

function vendorsOf(records: readonly Spoken[], category: string): VendorSeverity[] {
  const said = new Map<string, VendorSeverity>()
  for (const { advisory, entries } of records) {
    const { vendorSeverity } = advisory
    const spoken = [
      ...(vendorSeverity === null ? [] : [{ source: vendorSeverity.vendor, word: vendorSeverity.word }]),
      ...entries.flatMap(({ urgency }) => (urgency === null ? [] : [{ source: category, word: urgency }])),
    ]
    for (const one of spoken) {
      if (wordsOfFixing.has(one.word)) continue
      const severity = Object.hasOwn(words, one.word) ? words[one.word] : undefined
      said.set(JSON.stringify(one), { ...one, severity: severity ?? 'Unknown' })
    }
  }
  return [...said.values()].toSorted(
    (a, b) =>
      severityRank[b.severity] - severityRank[a.severity] ||
      byText(a.source, b.source) ||
      byText(a.word, b.word),
  )
}

/** Whether a record names several CVEs, so that what it says of severity may be about another one. */
function isBundle({ aliases, upstream }: Advisory): boolean {
  const first = aliases.find(isCve) ?? upstream.find(isCve)
  const isOther = (name: string): boolean => name !== first && isCve(name)
  return aliases.some(isOther) || upstream.some(isOther)
}

const vectorsOf = (records: readonly Spoken[]): Cvss[] => records.flatMap(({ advisory }) => advisory.cvss)

/** One speaker after the other, each in order of preference; a vector that several give is the first one's. */
function inPreference(speakers: readonly (readonly Cvss[])[]): Cvss[] {
  const rank = ({ version }: Cvss): number => preferred.indexOf(version)
  const all = new Map<string, Cvss>()
  for (const one of speakers.flatMap(cvss => cvss.toSorted((a, b) => rank(a) - rank(b)))) {
    if (!all.has(one.vector)) all.set(one.vector, one)
  }
  return [...all.values()]
}
