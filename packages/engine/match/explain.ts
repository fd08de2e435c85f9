import type {
  CoverageReason,
  ExplainAnswer,
  ExplainOutcome,
  ExplainStep,
  Inventory,
  Layer,
  Match,
} from '@plimsoll/types'
import type { Advisory, AdvisoryLookup, AliasGroup } from '../advisories/advisory.ts'
import { releaseOf } from '../distributions/releases.ts'
import { placesOf } from './explain-places.ts'
import { stepsOf } from './explain-steps.ts'
import { answerSentence } from './explain-words.ts'
import { endOfLifeReasons } from './release.ts'
import { byText } from './texts.ts'

export interface ExplainInput {
  readonly inventory: Inventory
  /** For the instruction that brought a package. */
  readonly layers?: readonly Pick<Layer, 'diffId' | 'createdBy'>[]
  readonly advisories: AdvisoryLookup
  /** The image's findings where they are known: what is affected and not among them was not matched. */
  readonly findings?: readonly Match[]
  /** An id of a vulnerability or an advisory. */
  readonly asked: string
  /** The day of asking, `2024-03-29`: what no advisory names may be because there are none any more. */
  readonly today: string
}

const maxSteps = 100

/**
 * Why a vulnerability is, or is not, among an image's findings: what every advisory that names it says of what is
 * installed, by the same judgements that matching makes.
 */
export function explain(input: ExplainInput): ExplainAnswer {
  const { inventory, advisories, findings } = input
  const asked = input.asked.trim()
  const groups = groupsOf(asked, advisories)
  const places = placesOf(inventory, advisories)
  const explained = groups.map(({ group, records }) => {
    const steps = stepsOf({ group, records, places, inventory, layers: input.layers ?? [], findings })
    return { group, steps: steps.toSorted(mostTelling) }
  })
  // Of a notice about several vulnerabilities the most telling one answers.
  const [first] = explained.toSorted((a, b) => rankOf(a.steps[0]) - rankOf(b.steps[0]))
  const about = first?.group ?? null
  const steps = explained.flatMap(one => one.steps).toSorted(mostTelling)
  const { outcome, because } = outcomeOf(asked, about, steps[0], input)
  return {
    asked,
    vulnerabilityId: about?.canonical ?? null,
    aliases: about === null ? [] : about.ids.filter(id => id !== about.canonical).toSorted(byText),
    outcome,
    sentence: answerSentence(outcome, asked, about?.canonical ?? asked, because),
    steps: steps.slice(0, maxSteps),
    stepsTotal: steps.length,
  }
}

/** The vulnerabilities an id stands for or, of a notice, is about, each with every record that names it. */
function groupsOf(
  asked: string,
  advisories: AdvisoryLookup,
): { group: AliasGroup; records: readonly Advisory[] }[] {
  // People write ids in any case; records have CVEs in capitals.
  const spelt = [...new Set([asked, asked.toUpperCase()])].map(id => ({
    id,
    records: [...advisories.named(id)],
  }))
  const { id, records } = spelt.find(one => one.records.length > 0) ?? { id: asked, records: [] }
  const all = new Map<string, AliasGroup>()
  for (const record of records) {
    for (const group of advisories.vulnerabilities(record)) all.set(group.canonical, group)
  }
  const standsFor = [...all.values()].filter(group => group.ids.includes(id))
  const own = records.find(record => record.id === id)
  const groups = standsFor.length > 0 || own === undefined ? standsFor : advisories.vulnerabilities(own)
  if (groups.length === 0 && records.length > 0) {
    // Of what was taken back, nobody says any more what it is another name of.
    return [{ group: { canonical: id, ids: [id] }, records }]
  }
  // Asked once of each record: a notice can be about any number.
  const about = new Map<string, ReadonlySet<string>>()
  const aboutOf = (one: Advisory): ReadonlySet<string> =>
    about.getOrInsertComputed(
      one.id,
      () => new Set(advisories.vulnerabilities(one).map(({ canonical }) => canonical)),
    )
  return groups.map(group => {
    const named = new Map([...advisories.named(group.canonical), ...records].map(one => [one.id, one]))
    const isAbout = (one: Advisory): boolean => one.withdrawnAt !== null || aboutOf(one).has(group.canonical)
    return { group, records: [...named.values()].filter(isAbout) }
  })
}

/** How telling an outcome is, the most telling first. What was not judged outweighs what was found harmless. */
const telling: readonly ExplainOutcome[] = [
  'reported',
  'undetermined',
  'not-judged',
  'third-party',
  'outside-range',
  'other-module',
  'not-installed',
  'other-release',
  'withdrawn',
]

const rankOf = (step: ExplainStep | undefined): number =>
  step === undefined ? telling.length : telling.indexOf(step.outcome)

const mostTelling = (a: ExplainStep, b: ExplainStep): number =>
  rankOf(a) - rankOf(b) || byText(a.advisoryId, b.advisoryId) || byText(a.packageName, b.packageName)

/** Reasons because of which a package may be there that was not read. */
const unread: ReadonlySet<CoverageReason['code']> = new Set([
  'foreign-layer',
  'database-unreadable',
  'limit-inflated-bytes',
  'limit-entries',
  'limit-file-bytes',
  'limit-path-bytes',
  'limit-time',
  'limit-memory',
])

function outcomeOf(
  asked: string,
  about: AliasGroup | null,
  step: ExplainStep | undefined,
  { inventory, today }: ExplainInput,
): { outcome: ExplainOutcome; because: string } {
  const { status, reasons } = inventory.coverage
  if (status === 'not-applicable' || status === 'not-scanned') {
    const because = reasons[0]?.message ?? 'Nobody has looked into the image yet.'
    return { outcome: 'not-judged', because }
  }
  if (about === null || step === undefined) {
    const [ended] = endOfLifeReasons(releaseOf(inventory.distro), inventory.packages, today)
    return { outcome: 'unknown', because: ended?.message ?? '' }
  }
  if (step.outcome === 'reported' && about.canonical !== asked.toUpperCase() && about.canonical !== asked) {
    return { outcome: 'folded', because: step.sentence }
  }
  if (step.outcome === 'not-installed') {
    const gap = reasons.find(({ code }) => unread.has(code))
    if (gap !== undefined) {
      const because = `${step.sentence} But not all of the image was read: ${gap.message}`
      return { outcome: 'not-judged', because }
    }
  }
  return { outcome: step.outcome, because: step.sentence }
}
