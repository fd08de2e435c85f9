import {
  type Advisory,
  type AdvisoryLookup,
  advisoryIndex,
  ecosystems,
  readCveFacts,
  readOsvZip,
} from '@plimsoll/engine'
import type { Distro, Inventory } from '@plimsoll/types'
import { counted, plain } from './print.ts'

/**
 * Gets from a place (folder or address) the advisories that an image needs. They are kept: the images of one index
 * are nearly always of one distribution. Records that cannot be used are counted on `warn`.
 */
export function advisoriesFrom(
  location: string,
  warn: (line: string) => void,
  signal: AbortSignal,
): (inventory: Inventory) => Promise<AdvisoryLookup> {
  const known = new Map<string, Promise<AdvisoryLookup>>()
  return ({ distro }) => {
    const feeds = feedsOf(distro)
    const key = [...feeds].sort().join('\n')
    return known.getOrInsertComputed(key, () => loadAdvisories(location, feeds, warn, signal))
  }
}

/** Every feed that the matcher may ask about packages of a distribution. */
function feedsOf(distro: Distro | null): ReadonlySet<string> {
  if (distro === null) return new Set()
  const feeds = ecosystems.flatMap(ecosystem => {
    const own = ecosystem.feeds(distro)
    return [...own, ...own.flatMap(feed => ecosystem.paidFeed?.(feed) ?? [])]
  })
  return new Set(feeds)
}

/** @throws UnreadableFeed */
async function loadAdvisories(
  location: string,
  feeds: ReadonlySet<string>,
  warn: (line: string) => void,
  signal: AbortSignal,
): Promise<AdvisoryLookup> {
  const folders = new Set([...feeds].flatMap(feed => feed.split(':', 1)))
  const advisories: Advisory[] = []
  for (const folder of folders) {
    const rejected: string[] = []
    for await (const record of readOsvZip(location, folder, signal)) {
      if (record.kind === 'rejected') rejected.push(`${record.name}: ${record.reason}`)
      else if (record.advisory.affected.some(({ feed }) => feeds.has(feed))) advisories.push(record.advisory)
    }
    if (rejected[0] !== undefined) {
      warn(
        `${counted(rejected.length, 'record')} of ${folder} could not be used, the first being ${plain(rejected[0])}`,
      )
    }
  }
  const cves = new Set(advisories.flatMap(({ id, aliases, upstream }) => [id, ...aliases, ...upstream]))
  const facts = advisories.length === 0 ? [] : await Array.fromAsync(readCveFacts(location, signal, cves))
  return advisoryIndex(advisories, facts)
}
