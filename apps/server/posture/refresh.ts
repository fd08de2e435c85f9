import { severities, severityRank } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { refreshEffects } from '../rules/effect.ts'

/**
 * Writes the counts of these occurrences anew, within the transaction that changed their findings or a rule: lists,
 * tiles, health and score are all sums over these rows, so they cannot disagree.
 */
export function refreshPosture(db: Db, occurrenceIds: readonly number[]): void {
  if (occurrenceIds.length === 0) return
  prepared(db, counting).run(JSON.stringify(occurrenceIds))
  refreshEffects(db, occurrenceIds)
}

const enabled = 'c.findings - c.disabled'
const sum = (what: string, condition: string): string => `coalesce(sum(iif(${condition}, ${what}, 0)), 0)`

const bySeverity = (condition: string): string =>
  severities
    .map(severity => sum(enabled, `${condition} and c.severity_rank = ${severityRank[severity]}`))
    .join(', ')

// In the order of the table's columns, which is that of `severities` twice and then the rest.
const columns = `
  ${bySeverity(`c.class = 'security' and c.state = 'open'`)},
  ${bySeverity(`c.class = 'security' and c.state = 'open' and c.patchable`)},
  ${sum('c.disabled', `c.class = 'security'`)},
  ${sum(enabled, `c.class = 'security' and c.state = 'undetermined'`)},
  ${sum(enabled, `c.class = 'unimportant' and c.state = 'open'`)},
  ${sum(enabled, `c.class = 'kernel-headers' and c.state = 'open'`)}`

// Findings that are alike are counted together, in the order of their index; the columns are sums over the few groups.
const counting = `insert or replace into posture
  with c as materialized (
    select o.id, f.state, f.class, f.severity_rank, f.patchable, count(f.id) as findings,
      sum(f.id is not null and o.rule_set_id is not null and exists (
        select 1 from disable_rule_match dm join rule_set_rule sr on sr.rule_id = dm.rule_id
        where dm.match_id = f.match_id and sr.set_id = o.rule_set_id)) as disabled
    from json_each(?) j cross join occurrence o on o.id = j.value
      left join finding f on f.occurrence_id = o.id and f.state <> 'closed'
    group by o.id, f.state, f.class, f.severity_rank, f.patchable
  )
  select c.id, ${columns} from c group by c.id`
