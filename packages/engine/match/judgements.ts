import type { Advisory, AdvisoryLookup, Affected } from '../advisories/advisory.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { decisive, isOfLine, lineOf } from './builds.ts'
import type { AskedFeed } from './feeds.ts'
import { stanceOf } from './modules.ts'
import { type CompareWith, comparing, judge, type Verdict } from './ranges.ts'
import type { Subject } from './subjects.ts'

/** What one record says, in one channel, of one subject. */
export interface Judgement {
  readonly advisory: Advisory
  readonly subject: Subject
  /** The record's entries about the subject's name, those that decide. At least one. */
  readonly entries: readonly Affected[]
  /** It is of the vendor's paid channel. */
  readonly paid: boolean
  /** It is about the channel, or the minor release, whose updates the installed version is from. */
  readonly own: boolean
  readonly verdict: Verdict | { readonly kind: 'other-module' }
}

/** Records left to be asked about packages. */
export interface JudgementBudget {
  maxJudgements: number
}

/** @returns what all records of these feeds say of a subject; null when the budget did not last. */
export function judgementsOf(
  subject: Subject,
  ecosystem: Ecosystem,
  feeds: readonly AskedFeed[],
  advisories: Pick<AdvisoryLookup, 'find'>,
  budget: JudgementBudget,
): Judgement[] | null {
  const installed = standing(subject, ecosystem, feeds)
  const judgements: Judgement[] = []
  for (const paid of [false, true]) {
    const records = new Map<string, { advisory: Advisory; entries: Affected[] }>()
    for (const { feed } of feeds.filter(one => one.paid === paid)) {
      for (const { advisory, affected } of advisories.find(feed, subject.name)) {
        budget.maxJudgements -= 1
        if (budget.maxJudgements < 0) return null
        // A notice can be about one vulnerability here and about another there.
        const key = `${advisory.id} ${affected.about?.join(' ') ?? ''}`
        const known = records.get(key)
        if (known === undefined) records.set(key, { advisory, entries: [affected] })
        else known.entries.push(affected)
      }
    }
    for (const { advisory, entries } of records.values()) {
      judgements.push(judgementOf(advisory, entries, paid, subject, installed))
    }
  }
  return judgements
}

/** What is asked of an installed version again and again. */
interface Standing {
  readonly ecosystem: Ecosystem
  readonly compareWith: CompareWith
  readonly line: string | null
  /** Whether it is of the paid channel; null where there is none. */
  readonly paid: boolean | null
}

function standing({ version }: Subject, ecosystem: Ecosystem, feeds: readonly AskedFeed[]): Standing {
  const hasPaid = feeds.some(({ paid }) => paid)
  return {
    ecosystem,
    compareWith: comparing(version, ecosystem),
    line: lineOf(version, ecosystem),
    paid: hasPaid ? ecosystem.isPaidVersion?.(version) === true : null,
  }
}

function judgementOf(
  advisory: Advisory,
  named: readonly Affected[],
  paid: boolean,
  subject: Subject,
  installed: Standing,
): Judgement {
  const { ecosystem, compareWith, line } = installed
  const stances = named.map(entry => stanceOf(entry, subject, ecosystem))
  const about = named.filter((_, at) => stances[at] !== 'other-module')
  if (about.length === 0) {
    return { advisory, subject, entries: named, paid, own: false, verdict: { kind: 'other-module' } }
  }
  const entries = decisive(about, subject.version, ecosystem, compareWith)
  const own =
    installed.paid === null ? line !== null && isOfLine(entries, line, ecosystem) : paid === installed.paid
  const verdict = together(
    entries.map(entry => {
      const stance = stances[named.indexOf(entry)]
      const one = judge(advisory, entry, subject.version, ecosystem, compareWith)
      if (one.kind !== 'affected' || typeof stance !== 'object') return one
      return { ...one, kind: 'undetermined' as const, reason: stance.unclear }
    }),
  )
  return { advisory, subject, entries, paid, own, verdict }
}

/** One entry that holds the version is enough; one that cannot be judged is a doubt while none does. */
function together(verdicts: readonly Verdict[]): Verdict {
  const affected = verdicts.filter(one => one.kind === 'affected')
  if (affected.length > 0)
    return { kind: 'affected', explanations: affected.flatMap(one => one.explanations) }
  const unclear = verdicts.filter(one => one.kind === 'undetermined')
  const [first] = unclear
  if (first === undefined) return { kind: 'not-affected' }
  return { ...first, explanations: unclear.flatMap(one => one.explanations) }
}

/** A judgement that does not rule its subject out. */
export interface Judged extends Judgement {
  readonly verdict: Exclude<Verdict, { kind: 'not-affected' }>
}

export const isJudged = (one: Judgement): one is Judged =>
  one.verdict.kind === 'affected' || one.verdict.kind === 'undetermined'

/**
 * Of all that is said of one vulnerability in one subject, what counts.
 *
 * Where some of it is about the channel or the minor release that the installed version is from, only that: bind
 * `9.11.36-11.el8_9.1` has the fix of CVE-2023-4408 by ALSA-2024:1782, though ALSA-2024:3271 names
 * `9.11.36-14.el8_10` for the next minor release; and openssl `1.1.1-1ubuntu2.1~18.04.23` is not fixed by what Ubuntu
 * Pro has. Then, what is known to be affected is not made doubtful by a record that cannot be read.
 */
export function counted(judgements: readonly Judgement[]): readonly Judged[] {
  const own = judgements.filter(one => one.own)
  const speaking = (own.length > 0 ? own : judgements).filter(isJudged)
  const certain = speaking.filter(({ verdict }) => verdict.kind === 'affected')
  return certain.length > 0 ? certain : speaking
}
