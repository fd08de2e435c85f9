import type { Advisory, AdvisoryLookup, Affected, AliasGroup, CveFacts } from '@plimsoll/engine'
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
    const parsed = advisoryOf(record)
    kept.set(id, parsed)
    return parsed
  }
  const names = prepared(
    db,
    `select id from alias where source = ? and canonical = ? and kind = 'name'`,
  ).pluck()
  const groupOf = (canonical: string): AliasGroup => ({
    canonical,
    ids: [canonical, ...(names.all(source, canonical) as string[])].toSorted(byText),
  })
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
    vulnerabilities({ id }) {
      const canonical = prepared(
        db,
        `select canonical from alias where source = ? and id = ? and kind <> 'withdrawn'`,
      )
        .pluck()
        .all(source, id) as string[]
      return (canonical.length > 0 ? canonical.toSorted(byText) : [id]).map(groupOf)
    },
    named(id) {
      // The record itself, and those that are about a vulnerability it is a name of, or that goes by it.
      const rows = prepared(
        db,
        `with of as (select @id canonical union select canonical from alias where source = @source and id = @id and kind = 'name'),
           ids as (select @id id union select canonical from of
             union select al.id from of cross join alias al on al.source = @source and al.canonical = of.canonical
               and al.kind <> 'withdrawn'
             union select id from alias where source = @source and canonical = @id and kind = 'withdrawn')
         select a.record from ids cross join advisory a on a.source = @source and a.advisory_id = ids.id
         order by a.advisory_id`,
      )
        .pluck()
        .all({ source, id }) as string[]
      return rows.map(advisoryOf)
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

/** A record as it was stored. Those that older versions stored do not say which module they are about. */
type StoredAdvisory = Omit<Advisory, 'affected'> & {
  readonly affected: readonly (Omit<Affected, 'module'> & Partial<Pick<Affected, 'module'>>)[]
}

function advisoryOf(record: string): Advisory {
  const stored = JSON.parse(record) as StoredAdvisory
  return { ...stored, affected: stored.affected.map(one => ({ ...one, module: one.module ?? null })) }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
