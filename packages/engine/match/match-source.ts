import type { Match } from '@plimsoll/types'
import { type AdvisoryLookup, type AliasGroup, isAbout } from '../advisories/advisory.ts'
import { type AskedFeed, namings } from './feeds.ts'
import { findingOf } from './finding.ts'
import { counted, isJudged, type Judged, type Judgement, judgementsOf } from './judgements.ts'
import { type SourcePackage, type Subject, subjectsOf } from './subjects.ts'

/** What is left of the limits of an image. */
export interface Budget {
  maxJudgements: number
  maxFindings: number
  maxFindingChars: number
}

/** What every source package of an ecosystem is matched against. */
export interface Against {
  readonly advisories: AdvisoryLookup
  readonly feeds: readonly AskedFeed[]
  /** The release findings are shown under. */
  readonly release: string
  readonly category: string
  readonly budget: Budget
}

export interface Matched {
  readonly findings: readonly Match[]
  /** Why something could not be judged, a sentence for each subject. */
  readonly doubts: readonly string[]
}

/** @returns null when the budget did not last: then nothing of this source package is found. */
export function matchSource(source: SourcePackage, against: Against): Matched | null {
  const { advisories, feeds, release, category, budget } = against
  const found = new Map<string, { group: AliasGroup; judged: Judged[] }>()
  const doubts: string[] = []
  for (const names of namings) {
    const asked = feeds.filter(one => one.names === names)
    if (asked.length === 0) continue
    for (const subject of subjectsOf(source, names)) {
      const judgements = judgementsOf(subject, source.ecosystem, asked, advisories, budget)
      if (judgements === null) return null
      let doubt: string | null = null
      for (const { group, judged } of byVulnerability(judgements, advisories)) {
        const known = found.get(group.canonical)
        if (known === undefined) {
          found.set(group.canonical, { group, judged: [...judged] })
          budget.maxFindings -= 1
          budget.maxFindingChars -= charsOfNames(group, judged)
        } else known.judged.push(...judged)
        budget.maxFindingChars -= charsOf(subject, judged)
        if (budget.maxFindings < 0 || budget.maxFindingChars < 0) return null
        for (const { verdict } of judged) if (verdict.kind === 'undetermined') doubt ??= verdict.reason
      }
      if (doubt !== null) doubts.push(`${subject.name} ${subject.version}: ${doubt}`)
    }
  }
  const findings = Array.from(found.values(), ({ group, judged }) =>
    findingOf({ group, judged, source, release, category, cve: advisories.cve(group.canonical) }),
  )
  return { findings, doubts }
}

/** What counts of each vulnerability in one subject; those that do not affect it are left out. */
function byVulnerability(
  judgements: readonly Judgement[],
  advisories: AdvisoryLookup,
): { group: AliasGroup; judged: readonly Judged[] }[] {
  const speaking = judgements.filter(isJudged)
  // What rules a subject out only counts against what is said for another channel than its own.
  const relevant = speaking.every(one => one.own)
    ? speaking
    : judgements.filter(one => one.own || isJudged(one))
  const groups = new Map<string, { group: AliasGroup; said: Judgement[] }>()
  for (const one of relevant) {
    for (const group of advisories.vulnerabilities(one.advisory)) {
      if (!one.entries.some(entry => isAbout(entry, group))) continue
      groups.getOrInsertComputed(group.canonical, () => ({ group, said: [] })).said.push(one)
    }
  }
  return [...groups.values()]
    .map(({ group, said }) => ({ group, judged: counted(said) }))
    .filter(({ judged }) => judged.length > 0)
}

/** About what one finding says of a subject: every package of it, and its version in each comparison. */
function charsOf({ name, version, chars }: Subject, judged: readonly Judged[]): number {
  const comparisons = judged.reduce((sum, { verdict }) => sum + verdict.explanations.length, 0)
  return chars + comparisons * (200 + name.length + version.length)
}

/** About what it says of its vulnerability: ids, links and vectors, of which advisories can have any number. */
function charsOfNames({ ids }: AliasGroup, judged: readonly Judged[]): number {
  const lines = judged.reduce(
    (sum, { advisory }) => sum + advisory.references.length + advisory.cvss.length,
    0,
  )
  return 30 * ids.length + 100 * lines
}
