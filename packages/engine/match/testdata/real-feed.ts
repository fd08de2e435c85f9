import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InstalledPackage } from '@plimsoll/types'
import type { AdvisoryLookup } from '../../advisories/advisory.ts'
import { advisoryIndex } from '../../advisories/advisory-index.ts'
import { InvalidRecord, parseOsvRecord } from '../../advisories/osv.ts'
import { ecosystemById } from '../../ecosystems/index.ts'
import { readZip } from '../../formats/zip.ts'
import type { RawRecord } from './naive-matcher.ts'

export interface RealFeed {
  readonly lookup: AdvisoryLookup
  /** Raw records that say anything in this feed, or in the paid channel beside it. */
  recordsOf(feed: string): readonly RawRecord[]
  /** Every name of a feed without its folder: `12`, `22.04:LTS`. */
  readonly releases: readonly string[]
}

const known = new Map<string, Promise<RealFeed>>()

/** All records of one of OSV's folders, `Debian`; read once. */
export function realFeed(advisories: string, folder: string): Promise<RealFeed> {
  return known.getOrInsertComputed(folder, () => read(advisories, folder))
}

async function read(advisories: string, folder: string): Promise<RealFeed> {
  const records: RawRecord[] = []
  const limits = { maxEntries: 1e6, maxEntryBytes: 1e8, maxTotalBytes: 1e10 }
  for await (const { content } of readZip(join(advisories, folder, 'all.zip'), limits)) {
    records.push(JSON.parse(content.toString()) as RawRecord)
  }
  // What is refused says nothing of a vulnerability; the reader's own tests say what that is.
  const usable: RawRecord[] = []
  const lookup = advisoryIndex(
    records.flatMap(record => {
      try {
        const { advisory } = parseOsvRecord(record)
        usable.push(record)
        return [advisory]
      } catch (error) {
        if (error instanceof InvalidRecord) return []
        throw error
      }
    }),
  )
  const byFeed = new Map<string, Set<RawRecord>>()
  for (const record of usable) {
    for (const { package: named } of record.affected ?? []) {
      byFeed.getOrInsertComputed(named.ecosystem.replace(':Pro:', ':'), () => new Set()).add(record)
    }
  }
  return {
    lookup,
    recordsOf: feed => [...(byFeed.get(feed) ?? [])],
    releases: Array.from(byFeed.keys(), feed => feed.slice(folder.length + 1)),
  }
}

/** What our reader finds in a package list of the fixtures; some are damaged on purpose: what could be read counts. */
export function packagesIn(file: string, ecosystemId: 'deb' | 'apk' | 'rpm'): InstalledPackage[] {
  const ecosystem = ecosystemById(ecosystemId)
  if (ecosystem === null) throw new Error(`there is no ecosystem ${ecosystemId}`)
  const path = pathOf(file, ecosystemId)
  const packages: InstalledPackage[] = []
  try {
    for (const record of ecosystem.packages(readFileSync(file), path)) {
      // Without their vendor, which is another than that of the releases they are matched as.
      packages.push({ module: null, ...record, vendor: '', ecosystem: ecosystemId, path, layer: null })
    }
  } catch (error) {
    if (packages.length === 0 && !file.includes('corrupt')) throw error
  }
  return packages
}

function pathOf(file: string, ecosystemId: 'deb' | 'apk' | 'rpm'): string {
  if (ecosystemId === 'rpm') return `var/lib/rpm/${file.slice(file.lastIndexOf('/') + 1)}`
  return ecosystemId === 'deb' ? 'var/lib/dpkg/status' : 'lib/apk/db/installed'
}
