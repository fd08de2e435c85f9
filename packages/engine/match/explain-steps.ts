import type {
  ExplainOutcome,
  ExplainStep,
  Explanation,
  InstalledPackage,
  Inventory,
  Layer,
  Match,
} from '@plimsoll/types'
import { type Advisory, type Affected, type AliasGroup, isAbout } from '../advisories/advisory.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Place } from './explain-places.ts'
import * as words from './explain-words.ts'
import { type Names, namings } from './feeds.ts'
import { counted, type Judgement, judgementsOf } from './judgements.ts'
import { explanationOf } from './ranges.ts'
import { type SourcePackage, type Subject, sourcesOf, subjectsOf } from './subjects.ts'

interface StepsInput {
  readonly group: AliasGroup
  /** Every record that names the vulnerability, withdrawn ones too. */
  readonly records: readonly Advisory[]
  readonly places: readonly Place[]
  readonly inventory: Inventory
  readonly layers: readonly Pick<Layer, 'diffId' | 'createdBy'>[]
  readonly findings: readonly Match[] | undefined
}

/** An image can list any number of made-up versions; real ones take a few hundred judgements. */
const maxJudgements = 100_000
const maxThirdParties = 1000

/** Records that name a package in a feed. */
type Find = (feed: string, name: string) => readonly { advisory: Advisory; affected: Affected }[]

function entriesOf(records: readonly Advisory[]): Find {
  const all = records.flatMap(advisory => advisory.affected.map(affected => ({ advisory, affected })))
  const byName = Map.groupBy(all, ({ affected }) => JSON.stringify([affected.feed, affected.name]))
  return (feed, name) => byName.get(JSON.stringify([feed, name])) ?? []
}

/** What every record that names a vulnerability says of what is installed, in no particular order. */
export function stepsOf(input: StepsInput): ExplainStep[] {
  const { group, records, places } = input
  const valid = records
    .filter(({ withdrawnAt }) => withdrawnAt === null)
    .map(one => ({ ...one, affected: one.affected.filter(entry => isAbout(entry, group)) }))
  const find = entriesOf(valid)
  const steps = places.flatMap(place => [
    ...judgedSteps(place, find, input),
    ...thirdPartySteps(place, find, input),
    ...unjudgedSteps(place, valid, input),
  ])
  const spoken = new Set(steps.map(({ advisoryId }) => advisoryId))
  const silent = valid.filter(({ id }) => !spoken.has(id)).map(record => silentStep(record, input))
  const withdrawn = records.filter(({ withdrawnAt }) => withdrawnAt !== null).map(withdrawnStep)
  return [...steps, ...silent, ...withdrawn]
}

/** What the records say of what is installed and judged. */
function judgedSteps(place: Place, find: Find, input: StepsInput): ExplainStep[] {
  const { ecosystem, feeds, own } = place
  const steps: ExplainStep[] = []
  const budget = { maxJudgements }
  for (const names of namings) {
    const asked = feeds.filter(one => one.names === names)
    const isNamed = remembered((name: string) => asked.some(({ feed }) => find(feed, name).length > 0))
    const installed = own.filter(one => isNamed(nameFor(names, one)))
    for (const source of sourcesOf(installed, ecosystem)) {
      for (const subject of subjectsOf(source, names)) {
        const judgements = judgementsOf(subject, ecosystem, asked, { find }, budget)
        if (judgements === null) return [...steps, tooManyStep(subject, input)]
        const deciding = judgements.some(({ own }) => own) ? counted(judgements) : null
        for (const one of judgements) steps.push(judgedStep(one, one.own ? null : deciding, source, input))
      }
    }
  }
  return steps
}

/** @param overruledBy what counts in place of a judgement about another channel or minor release; null where it counts */
function judgedStep(
  one: Judgement,
  overruledBy: readonly Judgement[] | null,
  source: SourcePackage,
  { group, layers, findings }: StepsInput,
): ExplainStep {
  const { advisory, entries, subject, verdict } = one
  const { ecosystem } = source
  const step = (outcome: ExplainOutcome, sentence: string): ExplainStep => ({
    advisoryId: advisory.id,
    outcome,
    sentence,
    feed: entries[0]?.feed ?? '',
    packageName: subject.name,
    comparisons:
      'explanations' in verdict
        ? [...verdict.explanations]
        : comparisonsOf(advisory, entries, subject, ecosystem),
    ...evidenceOf(subject.packages[0], layers),
  })
  if (verdict.kind === 'other-module') return step('other-module', words.otherModule(one, ecosystem))
  if (verdict.kind === 'not-affected') return step('outside-range', words.outside(one, ecosystem))
  if (overruledBy !== null) return step('outside-range', words.overruled(one, overruledBy, ecosystem))
  if (verdict.kind === 'undetermined')
    return step('undetermined', words.undetermined(subject, verdict.reason))
  const isAmong = findings?.some(
    found =>
      found.vulnerabilityId === group.canonical &&
      found.sourceName === source.name &&
      found.sourceVersion === source.version,
  )
  const affected = words.affected(subject, verdict.explanations)
  return isAmong === false ? step('not-judged', words.notMatched(affected)) : step('reported', affected)
}

const tooManyStep = ({ name, version, packages }: Subject, { records, layers }: StepsInput): ExplainStep => ({
  ...bare(records[0]?.id ?? '', 'not-judged', '', name),
  sentence: words.tooMany(name, version),
  ...evidenceOf(packages[0], layers),
})

const nameFor = (names: Names, one: InstalledPackage): string =>
  names === 'binary' ? one.name : one.sourceName

function remembered<K, V>(work: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return key => known.getOrInsertComputed(key, work)
}

const comparisonsOf = (
  advisory: Advisory,
  entries: readonly Affected[],
  { version }: Subject,
  ecosystem: Ecosystem,
): Explanation[] =>
  entries.flatMap(entry =>
    entry.intervals.map(interval => explanationOf(advisory, entry, interval, version, ecosystem)),
  )

const evidenceOf = (
  one: Pick<InstalledPackage, 'path' | 'layer'> | undefined,
  layers: StepsInput['layers'],
): Pick<ExplainStep, 'path' | 'layer' | 'instruction'> => ({
  path: one?.path ?? null,
  layer: one?.layer ?? null,
  instruction: layers.find(({ diffId }) => diffId === one?.layer)?.createdBy ?? null,
})

/** Installed packages that the records name and that are somebody else's. */
function thirdPartySteps(place: Place, find: Find, { layers }: StepsInput): ExplainStep[] {
  return namings.flatMap(names => {
    const asked = place.feeds.filter(one => one.names === names)
    const naming = remembered((name: string) => asked.flatMap(({ feed }) => find(feed, name)))
    const named = place.others.filter(one => naming(nameFor(names, one.package)).length > 0)
    return named.slice(0, maxThirdParties).flatMap(({ vendor, package: one }) =>
      naming(nameFor(names, one)).map(({ advisory, affected }) => ({
        ...bare(advisory.id, 'third-party', affected.feed, affected.name),
        sentence: words.thirdParty(one, vendor),
        ...evidenceOf(one, layers),
      })),
    )
  })
}

/** Installed packages that the records name, in whatever feed, of an ecosystem that was not judged. */
function unjudgedSteps(place: Place, records: readonly Advisory[], { layers }: StepsInput): ExplainStep[] {
  const { unjudged, own, ecosystem } = place
  if (unjudged === null) return []
  return records.flatMap(advisory => {
    const named = new Map(
      advisory.affected
        .filter(({ feed }) => ecosystem.advisoryFolders.includes(feed.split(':')[0] ?? ''))
        .map(({ name, feed }) => [name, feed]),
    )
    const one = own.find(({ name, sourceName }) => named.has(sourceName) || named.has(name))
    if (one === undefined) return []
    const name = named.has(one.sourceName) ? one.sourceName : one.name
    const step = bare(advisory.id, 'not-judged', named.get(name) ?? '', name)
    return [{ ...step, sentence: unjudged.message, ...evidenceOf(one, layers) }]
  })
}

/** Of a record that speaks of nothing that is installed: whether it speaks of this release at all. */
function silentStep(advisory: Advisory, { places, inventory }: StepsInput): ExplainStep {
  const here = advisory.affected.filter(({ feed }) =>
    places.some(({ feeds, unjudged, ecosystem }) =>
      unjudged === null
        ? feeds.some(one => one.feed === feed)
        : ecosystem.advisoryFolders.includes(feed.split(':')[0] ?? ''),
    ),
  )
  const [first] = here
  if (first === undefined) {
    const [elsewhere] = advisory.affected
    const step = bare(advisory.id, 'other-release', elsewhere?.feed ?? '', elsewhere?.name ?? '')
    return { ...step, sentence: words.otherRelease(advisory, inventory.distro) }
  }
  const names = [...new Set(here.map(({ name }) => name))]
  return {
    ...bare(advisory.id, 'not-installed', first.feed, first.name),
    sentence: words.notInstalled(names),
  }
}

const withdrawnStep = (advisory: Advisory): ExplainStep => ({
  ...bare(advisory.id, 'withdrawn', advisory.affected[0]?.feed ?? '', advisory.affected[0]?.name ?? ''),
  sentence: words.withdrawn(advisory),
})

const bare = (advisoryId: string, outcome: ExplainOutcome, feed: string, packageName: string) => ({
  advisoryId,
  outcome,
  feed,
  packageName,
  comparisons: [],
  path: null,
  layer: null,
  instruction: null,
})
