import type {
  CoverageReason,
  ExplainOutcome,
  ExplainStep,
  Explanation,
  InstalledPackage,
  Inventory,
  Layer,
  Match,
} from '@plimsoll/types'
import {
  type Advisory,
  type AdvisoryLookup,
  type Affected,
  type AliasGroup,
  isAbout,
} from '../advisories/advisory.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { ecosystems } from '../ecosystems/index.ts'
import * as words from './explain-words.ts'
import { type AskedFeed, feedsFor } from './feeds.ts'
import { counted, type Judgement, judgementsOf } from './judgements.ts'
import { explanationOf } from './ranges.ts'
import { type SourcePackage, type Subject, sourcesOf, subjectsOf } from './subjects.ts'
import { thirdPartyOf } from './third-party.ts'

/** An ecosystem's packages in an image, and the feeds that speak of them or why there are none. */
export interface Place {
  readonly ecosystem: Ecosystem
  readonly feeds: readonly AskedFeed[]
  readonly unjudged: CoverageReason | null
  readonly own: readonly InstalledPackage[]
  /** With who built them. */
  readonly others: readonly { readonly vendor: string; readonly package: InstalledPackage }[]
}

export function placesOf({ distro, packages }: Inventory, advisories: AdvisoryLookup): Place[] {
  const byEcosystem = Map.groupBy(packages, one => one.ecosystem)
  return ecosystems.flatMap(ecosystem => {
    const installed = byEcosystem.get(ecosystem.id) ?? []
    if (installed.length === 0 && (distro === null || ecosystem.feeds(distro).length === 0)) return []
    const asking = feedsFor(ecosystem, distro, installed.length, advisories)
    const own: InstalledPackage[] = []
    const others: { vendor: string; package: InstalledPackage }[] = []
    for (const one of installed) {
      const vendor = thirdPartyOf(one, ecosystem, distro)
      if (vendor === null) own.push(one)
      else others.push({ vendor, package: one })
    }
    const [feeds, unjudged] = 'code' in asking ? [[], asking] : [asking.feeds, null]
    return [{ ecosystem, feeds, unjudged, own, others }]
  })
}

interface StepsInput {
  readonly group: AliasGroup
  /** Every record that names the vulnerability, withdrawn ones too. */
  readonly records: readonly Advisory[]
  readonly places: readonly Place[]
  readonly inventory: Inventory
  readonly layers: readonly Pick<Layer, 'diffId' | 'createdBy'>[]
  readonly findings: readonly Match[] | undefined
}

export function stepsOf(input: StepsInput): ExplainStep[] {
  const { group, records, places } = input
  const valid = records
    .filter(({ withdrawnAt }) => withdrawnAt === null)
    .map(one => ({ ...one, affected: one.affected.filter(entry => isAbout(entry, group)) }))
  const steps = places.flatMap(place => [
    ...judgedSteps(place, valid, input),
    ...thirdPartySteps(place, valid, input),
    ...unjudgedSteps(place, valid, input),
  ])
  const spoken = new Set(steps.map(({ advisoryId }) => advisoryId))
  const silent = valid.filter(({ id }) => !spoken.has(id)).map(record => silentStep(record, input))
  const withdrawn = records.filter(({ withdrawnAt }) => withdrawnAt !== null).map(withdrawnStep)
  return [...steps, ...silent, ...withdrawn]
}

/** What the records say of what is installed and judged. */
function judgedSteps(place: Place, records: readonly Advisory[], input: StepsInput): ExplainStep[] {
  const { ecosystem, feeds, own } = place
  return (['source', 'binary'] as const).flatMap(names => {
    const asked = feeds.filter(one => one.names === names)
    const named = namesIn(records, asked)
    const installed = own.filter(one => named.has(names === 'source' ? one.sourceName : one.name))
    return sourcesOf(installed, ecosystem).flatMap(source =>
      subjectsOf(source, names).flatMap(subject => {
        const find: AdvisoryLookup['find'] = (feed, name) => entriesOf(records, feed, name)
        const judgements =
          judgementsOf(subject, ecosystem, asked, { find }, { maxJudgements: Number.POSITIVE_INFINITY }) ?? []
        const deciding = new Set<Judgement>(counted(judgements))
        return judgements.map(one => judgedStep(one, deciding, source, input))
      }),
    )
  })
}

const namesIn = (records: readonly Advisory[], feeds: readonly AskedFeed[]): Set<string> =>
  new Set(
    records.flatMap(({ affected }) =>
      affected.filter(({ feed }) => feeds.some(one => one.feed === feed)).map(({ name }) => name),
    ),
  )

const entriesOf = (records: readonly Advisory[], feed: string, name: string) =>
  records.flatMap(advisory =>
    advisory.affected
      .filter(one => one.feed === feed && one.name === name)
      .map(affected => ({ advisory, affected })),
  )

function judgedStep(
  one: Judgement,
  deciding: ReadonlySet<Judgement>,
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
  if (!deciding.has(one)) return step('outside-range', words.overruled(one, [...deciding], ecosystem))
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
function thirdPartySteps(place: Place, records: readonly Advisory[], { layers }: StepsInput): ExplainStep[] {
  return place.feeds.flatMap(({ feed, names }) =>
    place.others.flatMap(({ vendor, package: one }) => {
      const name = names === 'source' ? one.sourceName : one.name
      return entriesOf(records, feed, name).map(({ advisory }) => ({
        ...bare(advisory, 'third-party', feed, name),
        sentence: words.thirdParty(one, vendor),
        ...evidenceOf(one, layers),
      }))
    }),
  )
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
    const step = bare(advisory, 'not-judged', named.get(name) ?? '', name)
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
    const step = bare(advisory, 'other-release', elsewhere?.feed ?? '', elsewhere?.name ?? '')
    return { ...step, sentence: words.otherRelease(advisory, inventory.distro) }
  }
  const names = [...new Set(here.map(({ name }) => name))]
  return {
    ...bare(advisory, 'not-installed', first.feed, first.name),
    sentence: words.notInstalled(names),
  }
}

const withdrawnStep = (advisory: Advisory): ExplainStep => ({
  ...bare(advisory, 'withdrawn', advisory.affected[0]?.feed ?? '', advisory.affected[0]?.name ?? ''),
  sentence: words.withdrawn(advisory),
})

const bare = (advisory: Advisory, outcome: ExplainOutcome, feed: string, packageName: string) => ({
  advisoryId: advisory.id,
  outcome,
  feed,
  packageName,
  comparisons: [],
  path: null,
  layer: null,
  instruction: null,
})
