import type { Advisory, AdvisoryLookup, CveFacts } from '@plimsoll/engine'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { prepared } from '../db/statements.ts'

// An image asks for a record once for each of its source packages that the record names: a few at most.
const maxKept = 500

/**
 * The stored advisories of a source, as the matcher asks for them. Records are parsed when asked for, and the last few
 * hundred are kept. Make one for each match: it does not notice an import.
 */
export function advisoryLookup(db: Db, source: AdvisorySource): AdvisoryLookup {
  const kept = new Map<number, Advisory>()
  const advisory = (id: number, record: string): Advisory => {
    const known = kept.get(id)
    if (known !== undefined) return known
    if (kept.size === maxKept) for (const oldest of kept.keys()) if (kept.delete(oldest)) break
    const parsed = JSON.parse(record) as Advisory
    kept.set(id, parsed)
    return parsed
  }
  return {
    find(feed, packageName) {
      const rows = prepared(
        db,
        `select a.id, aa.position, a.record from advisory_affected aa join advisory a on a.id = aa.advisory_id
         where aa.source = ? and aa.feed = ? and aa.name = ? order by a.id, aa.position`,
      ).all(source, feed, packageName) as { id: number; position: number; record: string }[]
      return rows.flatMap(({ id, position, record }) => {
        const parsed = advisory(id, record)
        const affected = parsed.affected[position]
        return affected === undefined ? [] : [{ advisory: parsed, affected }]
      })
    },
    vulnerabilities({ id, aliases, upstream }) {
      const cves = [...new Set([id, ...aliases, ...upstream].filter(one => one.startsWith('CVE-')))]
      return (cves.length > 0 ? cves : [id]).map(canonical => ({ canonical, ids: [canonical] }))
    },
    named(id) {
      const records = prepared(db, 'select record from advisory where source = ? and advisory_id = ?')
      return (records.pluck().all(source, id) as string[]).map(record => JSON.parse(record) as Advisory)
    },
    cve(id) {
      const record = prepared(db, 'select record from cve_fact where source = ? and cve_id = ?')
        .pluck()
        .get(source, id) as string | undefined
      return record === undefined ? null : (JSON.parse(record) as CveFacts)
    },
    feed(feed) {
      const row = prepared(db, 'select advisories, as_of asOf from feed where source = ? and feed = ?').get(
        source,
        feed,
      ) as { advisories: number; asOf: string | null } | undefined
      return row ?? null
    },
  }
}
