import {
  type Advisory,
  type AdvisoryLookup,
  advisoryIndex,
  ecosystems,
  readCveFacts,
  readOsvZip,
} from '@plimsoll/engine'
import type { Inventory } from '@plimsoll/types'
import { counted, plain } from './print.ts'

/**
 * Gets from a place (folder or address) the advisories that one image needs: those of its distribution's feeds, and
 * what is known of the CVEs they name. Records that cannot be used are counted on `warn`.
 * @throws UnreadableFeed
 */
export async function loadAdvisories(
  location: string,
  inventory: Inventory,
  warn: (line: string) => void,
  signal: AbortSignal,
): Promise<AdvisoryLookup> {
  const { distro } = inventory
  const feeds = new Set(distro === null ? [] : ecosystems.map(ecosystem => ecosystem.feed(distro)))
  const folders = new Set([...feeds].flatMap(feed => feed?.split(':')[0] ?? []))
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
