import type { CoverageReason, Distro, FeedUsed } from '@plimsoll/types'
import type { AdvisoryLookup } from '../advisories/advisory.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'

/**
 * What a feed names: source packages, or binary ones. `sibling` is of a feed that names both: binary packages are looked
 * up by their own name, and those that are called otherwise than their source by the source's besides.
 */
export const namings = ['source', 'binary', 'sibling'] as const
export type Names = (typeof namings)[number]

/** A feed that is asked about an ecosystem's packages. */
export interface AskedFeed {
  readonly feed: string
  readonly names: Names
  /** It is the vendor's paid channel. */
  readonly paid: boolean
}

/** Which feeds speak of an image's packages. */
export interface Asking {
  /** The release under which findings are shown, whichever of the feeds they are from. */
  readonly release: string
  readonly feeds: readonly AskedFeed[]
  /** For the ledger: those at hand, */
  readonly used: readonly FeedUsed[]
  /** and what is missing beside them. */
  readonly absent: readonly CoverageReason[]
}

/**
 * The advisories an ecosystem's packages are matched against, or why there are none: never silently nothing.
 *
 * A paid channel is asked beside its feed, for it knows of vulnerabilities that the public one no longer mentions, but
 * nothing is said where there is none: not every release has one.
 *
 * @param count how many packages that is about.
 */
export function feedsFor(
  ecosystem: Ecosystem,
  distro: Distro | null,
  count: number,
  advisories: AdvisoryLookup,
): Asking | CoverageReason {
  const packages = `${ecosystem.title}, ${count} in all,`
  if (distro === null) {
    const message = `The image does not say which distribution it is, so its ${packages} were not judged.`
    return { code: 'unsupported-distribution', message }
  }
  const names = ecosystem.feeds(distro)
  const [release] = names
  if (release === undefined) {
    const message = `There is no advisory feed for ${distro.prettyName}, so its ${packages} were not judged.`
    return { code: 'unsupported-distribution', message }
  }
  const known = new Map<string, FeedUsed>()
  for (const feed of [...names, ...names.flatMap(one => ecosystem.paidFeed?.(one) ?? [])]) {
    const found = advisories.feed(feed)
    if (found !== null) known.set(feed, { feed, ...found })
  }
  if (known.size === 0) {
    const message = `The advisories at hand have none for ${listed(names)}, so its ${packages} were not judged.`
    return { code: 'no-advisories-for-release', message }
  }
  return {
    release,
    feeds: [...known.keys()].flatMap(feed => {
      const named = ecosystem.advisoryNames?.(feed) ?? 'source'
      const each: readonly Names[] = named === 'both' ? ['binary', 'sibling'] : [named]
      return each.map(one => ({ feed, names: one, paid: !names.includes(feed) }))
    }),
    used: [...known.values()],
    absent: absentFeeds(names, known),
  }
}

/**
 * Feeds of a release that are missing while others of it are at hand. Advisories come by the folder, so of a folder
 * that has one of them, the others have no records: a repository in which nothing was ever fixed.
 */
function absentFeeds(names: readonly string[], known: ReadonlyMap<string, unknown>): CoverageReason[] {
  const folders = Map.groupBy(names, feed => feed.split(':')[0])
  const absent = [...folders.values()].filter(feeds => !feeds.some(feed => known.has(feed)))
  return absent.map(feeds => ({
    code: 'no-advisories-for-release',
    message: `The advisories at hand have none for ${listed(feeds)}, so packages that only these name were not judged.`,
  }))
}

/** `Debian:12` for people. */
export const readable = (feed: string): string => feed.replaceAll(':', ' ')

/** People read the first few; SUSE has a feed for every module. */
const maxListed = 3

function listed(feeds: readonly string[]): string {
  const shown = feeds.slice(0, maxListed).map(readable)
  const more = feeds.length - shown.length
  const last = more > 0 ? `${more} more` : (shown.pop() ?? '')
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}
