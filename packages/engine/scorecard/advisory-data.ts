import { join } from 'node:path'
import type { AdvisoryLookup } from '../advisories/advisory.ts'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { InvalidRecord, parseOsvRecord } from '../advisories/osv.ts'
import { readZip } from '../formats/zip.ts'
import type { PublishedRecord } from './expected-findings.ts'

/** The same records twice: as they are published, for the oracle, and as the matcher looks them up. */
export interface AdvisoryData {
  readonly records: readonly PublishedRecord[]
  readonly lookup: AdvisoryLookup
}

export function advisoryData(records: readonly PublishedRecord[]): AdvisoryData {
  const advisories = records.flatMap(record => {
    try {
      return [parseOsvRecord(record).advisory]
    } catch (error) {
      // Notices of bug fixes: the oracle leaves them out by a rule of its own.
      if (error instanceof InvalidRecord) return []
      throw error
    }
  })
  return { records, lookup: advisoryIndex(advisories) }
}

const limits = { maxEntries: 1e6, maxEntryBytes: 1e8, maxTotalBytes: 1e10 }

/** All records of a feed's folder, `AlmaLinux`, at a place laid out as OSV's bucket. */
export async function feedData(place: string, folder: string): Promise<AdvisoryData> {
  const records: PublishedRecord[] = []
  for await (const { content } of readZip(join(place, folder, 'all.zip'), limits)) {
    records.push(JSON.parse(content.toString()) as PublishedRecord)
  }
  return advisoryData(records)
}
