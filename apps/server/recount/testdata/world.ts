import type { AdvisoryLookup } from '@plimsoll/engine'
import type { CloseReason, Coverage, Match, NewDisableRule, Plan, ScorePoint } from '@plimsoll/types'
import { type OracleFleet, type OracleImage, inForce, rulesFor, holdsFor } from '../../rules/testdata/oracle.ts'
import { type Content, startsAt } from './contents.ts'
import { groups, registries, subscriptions } from './steps.ts'

/**
 * The facts, in memory: what registries told, what images hold, what was imported, which rules were made and when.
 * Nothing here is a count, and nothing is read from the database.
 */

export interface World {
  now: number
  readonly contents: readonly Content[]
  /** Of each management group the one above it; the tenant is above all. */
  readonly groups: Map<string, string>
  readonly subscriptions: Map<string, Subscription>
  /** Those that are connected or were removed and not swept yet. */
  readonly registries: Map<string, Registry>
  /** By `REGISTRY REPOSITORY`, as the next two. */
  readonly repositories: Map<string, Repository>
  /** Digests of images that were read, wherever. */
  readonly read: Set<string>
  /** What indexes were found to name. */
  readonly members: Map<string, Set<string>>
  readonly advisories: Advisories
  rules: Rule[]
  /** `SUBSCRIPTION DIGEST` of all that was charged. */
  readonly charged: Set<string>
  /** What was written down of each day, by registry. */
  readonly days: Map<string, readonly DayOfRegistry[]>
  notices: Notice[]
  images: number
  findings: number
}

export interface Subscription {
  group: string
  plan: Plan
  push: boolean
}

export interface Registry {
  readonly id: string
  subscription: string
  removed: boolean
  /** Repositories to watch; empty: all. */
  watched: readonly string[]
}

export interface Repository {
  readonly registry: string
  readonly name: string
  readonly tags: Map<string, { digest: string; eventAt: string }>
  /** What took the last tag of a digest. */
  readonly replaced: Map<string, string>
  readonly images: Map<string, Image>
}

/** A digest in a repository. */
export interface Image {
  /** In the order of their first mention. */
  readonly number: number
  readonly digest: string
  pushedAt: string
  eventAt: string | null
  lastPulledAt: string | null
  deletedAt: string | null
  /** The index that it went with, or who deleted it here. */
  deletedBy: string | null
  supersededAt: string | null
  /** Null: it was not scanned. */
  coverage: Coverage | null
  scannedAt: string | null
  failed: boolean
  /** What it holds is known. */
  isRead: boolean
  readonly findings: Map<string, Finding>
}

export interface Finding {
  readonly number: number
  match: Match
  state: Match['state'] | 'closed'
  firstSeenAt: string
  closedAt: string | null
  closeReason: CloseReason | null
}

/** An image came to have open findings. */
export interface Notice {
  readonly image: Image
  readonly at: string
}

export interface Advisories {
  lookup: AdvisoryLookup
  /** Counts imports. */
  edition: number
  readonly exploited: Set<string>
  readonly odds: Map<string, number>
}

export interface Rule {
  readonly id: string
  rule: NewDisableRule
}

export type DayOfRegistry = Omit<ScorePoint, 'day' | 'score'> & { readonly registry: string; readonly subscription: string }

export const newWorld = (contents: readonly Content[], lookup: AdvisoryLookup): World => ({
  now: startsAt,
  contents,
  groups: new Map(Object.entries(groups)),
  subscriptions: new Map(Object.entries(subscriptions).map(([id, group]) => [id, { group, plan: 'on', push: true }])),
  registries: new Map(Object.entries(registries).map(([id, subscription]) => [id, newRegistry(id, subscription)])),
  repositories: new Map(),
  read: new Set(),
  members: new Map(),
  advisories: { lookup, edition: 0, exploited: new Set(), odds: new Map() },
  rules: [],
  charged: new Set(),
  days: new Map(),
  notices: [],
  images: 0,
  findings: 0,
})

export const newRegistry = (id: string, subscription: string): Registry => ({
  id,
  subscription,
  removed: false,
  watched: [],
})

export const timeIn = (world: World): string => new Date(world.now).toISOString()
export const dayIn = (world: World): string => timeIn(world).slice(0, 'yyyy-mm-dd'.length)

export const contentOf = (world: World, digest: string): Content | undefined =>
  world.contents.find(one => one.digest === digest)

/** Made when it is first heard of. */
export const repositoryIn = (world: World, registry: string, name: string): Repository =>
  world.repositories.getOrInsertComputed(`${registry} ${name}`, () => ({
    registry,
    name,
    tags: new Map(),
    replaced: new Map(),
    images: new Map(),
  }))

/** Made when it is first heard of. */
export const imageIn = (world: World, repository: Repository, digest: string, pushedAt: string): Image =>
  repository.images.getOrInsertComputed(digest, () => ({
    number: (world.images += 1),
    digest,
    pushedAt,
    eventAt: null,
    lastPulledAt: null,
    deletedAt: null,
    deletedBy: null,
    supersededAt: null,
    coverage: null,
    scannedAt: null,
    failed: false,
    isRead: world.read.has(digest),
    findings: new Map(),
  }))

export function planOf(world: World, registry: string): Subscription & { id: string } {
  const id = world.registries.get(registry)?.subscription ?? ''
  const subscription = world.subscriptions.get(id)
  if (subscription === undefined) throw new Error(`there is no registry ${registry}`)
  return { ...subscription, id }
}

/** Indexes that name a digest. */
export const indexesOf = (world: World, digest: string): string[] =>
  [...world.members].filter(([, members]) => members.has(digest)).map(([index]) => index).toSorted()

/** The tags that lead to a digest, by itself or through an index. */
export const tagsOf = (world: World, { tags }: Repository, digest: string): string[] => {
  const leading = new Set([digest, ...indexesOf(world, digest)])
  return [...tags].filter(([, tag]) => leading.has(tag.digest)).map(([name]) => name).toSorted()
}

/** As the oracle of disable rules sees it. */
export function fleetOf(world: World): OracleFleet {
  const tags = [...world.repositories.values()].flatMap(({ registry, name, tags: own }) =>
    [...own].map(([tag, { digest }]): [string, string] => [`${registry} ${name} ${tag}`, digest]),
  )
  return {
    groups: world.groups,
    subscriptions: new Map([...world.subscriptions].map(([id, { group }]) => [id, group])),
    registries: new Map([...world.registries].map(([id, { subscription }]) => [id, subscription])),
    images: [],
    tags: new Map(tags),
    indexes: new Map([...world.members].map(([index, members]) => [index, [...members]])),
    rules: world.rules,
    exploited: world.advisories.exploited,
    odds: world.advisories.odds,
  }
}

export interface RulesInPlace {
  /** The ids of those that disable a finding of the image. */
  of(match: Match): string[]
  readonly holding: readonly string[]
  /** Those that would hold if wider ones did not override them. */
  readonly overridden: readonly string[]
}

export function rulesInPlace(world: World, fleet: OracleFleet, repository: Repository, digest: string): RulesInPlace {
  const image: OracleImage = { registry: repository.registry, repository: repository.name, digest, findings: [], deleted: false }
  const { holding, overridden } = rulesFor(fleet, image, inForce(world.rules, new Date(world.now)))
  const ids = (rules: readonly Rule[]): string[] => rules.map(({ id }) => id)
  return {
    of: match => ids(holding.filter(({ rule }) => holdsFor(fleet, rule, match))),
    holding: ids(holding),
    overridden: ids(overridden),
  }
}
