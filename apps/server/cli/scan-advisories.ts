import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Advisory,
  type AdvisoryLookup,
  advisoryFolders,
  advisoryIndex,
  checkPlace,
  ecosystems,
  readCveFacts,
  readEpss,
  readKev,
  readOsvZip,
  UnreadableFeed,
} from '@plimsoll/engine'
import type { Distro, Inventory, Threat } from '@plimsoll/types'
import { counted, plain } from './print.ts'

/**
 * Whether there are advisories at a place at all. A scan that is matched against a wrong folder finds nothing, and would
 * pass for a good one.
 *
 * @param location a folder that is looked into, or an address that is not asked yet
 * @throws UnreadableFeed
 */
export async function checkAdvisories(location: string): Promise<void> {
  await checkPlace(location)
  if (/^https?:/i.test(location)) return
  for (const folder of await readdir(location).catch(() => [])) {
    const isThere = await access(join(location, folder, 'all.zip')).then(
      () => true,
      () => false,
    )
    if (isThere) return
  }
  throw new UnreadableFeed(
    `There are no advisories in "${location}": it holds no file like Debian/all.zip or Alpine/all.zip.`,
  )
}

/** What a scan is told of packages and vulnerabilities. */
export interface ScanFeeds {
  /** The advisories that an image needs. @throws UnreadableFeed */
  advisories(inventory: Inventory): Promise<AdvisoryLookup>
  /** What is known of attacks on a CVE that those advisories name. */
  threats(cve: string): Threat
}

/**
 * What a place (folder or address) has. It is kept: the images of one index are nearly always of one distribution.
 * Records and lists that cannot be used are told on `warn`.
 *
 * @param asked an id: records that name it are read as well, of whatever release they are about, for explaining why
 *   it is not reported.
 */
export function feedsAt(
  location: string,
  warn: (line: string) => void,
  signal: AbortSignal,
  asked: string | null = null,
): ScanFeeds {
  const known = new Map<string, Promise<AdvisoryLookup>>()
  const threats = new Map<string, Threat>()
  const load = async (feeds: ReadonlySet<string>): Promise<AdvisoryLookup> => {
    const { advisories, cves } = await readAdvisories(location, feeds, asked, warn, signal)
    if (advisories.length === 0) return advisoryIndex([])
    await readThreats(location, cves, threats, warn, signal)
    return advisoryIndex(advisories, await Array.fromAsync(readCveFacts(location, signal, cves)))
  }
  return {
    advisories({ distro }) {
      const feeds = feedsOf(distro)
      return known.getOrInsertComputed([...feeds].sort().join('\n'), () => load(feeds))
    },
    threats: cve => threats.get(cve) ?? noThreat,
  }
}

const noThreat: Threat = { kev: null, epss: null }

/** Every feed that the matcher may ask about packages of a distribution. */
function feedsOf(distro: Distro | null): ReadonlySet<string> {
  if (distro === null) return new Set()
  const feeds = ecosystems.flatMap(ecosystem => {
    const own = ecosystem.feeds(distro)
    return [...own, ...own.flatMap(feed => ecosystem.paidFeed?.(feed) ?? [])]
  })
  return new Set(feeds)
}

/** The records of these feeds, and every id they name. */
async function readAdvisories(
  location: string,
  feeds: ReadonlySet<string>,
  asked: string | null,
  warn: (line: string) => void,
  signal: AbortSignal,
): Promise<{ advisories: readonly Advisory[]; cves: ReadonlySet<string> }> {
  const own = new Set([...feeds].flatMap(feed => feed.split(':', 1)))
  // Other distributions' records are asked only where nobody else knows the id.
  const sought = asked?.toLowerCase() ?? null
  const others = sought === null ? [] : advisoryFolders.filter(folder => !own.has(folder))
  const advisories: Advisory[] = []
  let isKnown = false
  for (const folder of [...own, ...others]) {
    if (isKnown && !own.has(folder)) break
    const rejected: string[] = []
    for await (const record of readOsvZip(location, folder, signal)) {
      if (record.kind === 'rejected') rejected.push(`${record.name}: ${record.reason}`)
      else {
        const { advisory } = record
        const isAsked = sought !== null && namesOf(advisory).some(name => name.toLowerCase() === sought)
        isKnown ||= isAsked
        if (isAsked || advisory.affected.some(({ feed }) => feeds.has(feed))) advisories.push(advisory)
      }
    }
    if (rejected[0] !== undefined) {
      warn(
        `${counted(rejected.length, 'record')} of ${folder} could not be used, the first being ${plain(rejected[0])}`,
      )
    }
  }
  const cves = new Set(advisories.flatMap(namesOf))
  return { advisories, cves }
}

const namesOf = ({ id, aliases, upstream }: Advisory): string[] => [id, ...aliases, ...upstream]

/** CISA's catalogue and FIRST's scores, where the place has them. Neither is worth a scan that fails. */
async function readThreats(
  location: string,
  cves: ReadonlySet<string>,
  into: Map<string, Threat>,
  warn: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const add = (cve: string, more: Partial<Threat>): void =>
    void into.set(cve, { ...(into.get(cve) ?? noThreat), ...more })
  const readers = [
    async () => {
      const catalogue = await readKev(location, signal)
      for (const [cve, kev] of catalogue?.entries ?? []) if (cves.has(cve)) add(cve, { kev })
    },
    async () => {
      for await (const [cve, epss] of readEpss(location, signal, cves)) add(cve, { epss })
    },
  ]
  for (const read of readers) {
    try {
      await read()
    } catch (error) {
      if (!(error instanceof UnreadableFeed)) throw error
      warn(`what is known of attacks could not be read: ${plain(error.message)}`)
    }
  }
}
