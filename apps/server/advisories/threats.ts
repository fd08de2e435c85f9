import type { Threat, ThreatLists } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

export const nothingKnown: Threat = { kev: null, epss: null }

interface ThreatRow {
  readonly cve: string
  readonly addedOn: string | null
  readonly dueOn: string | null
  readonly ransomware: number | null
  readonly requiredAction: string | null
  readonly probability: number | null
  readonly percentile: number | null
  readonly asOf: string | null
}

/** What is known of attacks on these vulnerabilities; those of which nothing is known are left out. */
export function threatsOf(db: Db, vulnerabilityIds: readonly string[]): Map<string, Threat> {
  const rows = prepared(
    db,
    `select j.value cve, k.added_on addedOn, k.due_on dueOn, k.ransomware, k.required_action requiredAction,
       e.probability, e.percentile, (select as_of from threat_list where name = 'epss') asOf
     from json_each(?) j left join kev k on k.cve = j.value left join epss e on e.cve = j.value
     where k.cve is not null or e.cve is not null`,
  ).all(JSON.stringify([...new Set(vulnerabilityIds)])) as ThreatRow[]
  return new Map(rows.map(row => [row.cve, threatOf(row)]))
}

const threatOf = (row: ThreatRow): Threat => ({
  kev:
    row.addedOn === null
      ? null
      : {
          addedOn: row.addedOn,
          dueOn: row.dueOn,
          ransomware: row.ransomware === 1,
          requiredAction: row.requiredAction,
        },
  epss:
    row.probability === null || row.percentile === null
      ? null
      : { probability: row.probability, percentile: row.percentile, asOf: row.asOf },
})

/** The days of the lists at hand, that of the import where a list does not say its own; null where none was imported, so that a missing mark means nothing. */
export function threatLists(db: Db): ThreatLists {
  const rows = prepared(
    db,
    `select name, coalesce(as_of, substr(imported_at, 1, 10)) asOf from threat_list`,
  ).all() as {
    name: 'kev' | 'epss'
    asOf: string
  }[]
  return { kev: null, epss: null, ...Object.fromEntries(rows.map(({ name, asOf }) => [name, asOf])) }
}
