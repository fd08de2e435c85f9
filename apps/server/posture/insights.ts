import { type FindingCounts, type Insights, type Scope, severities } from '@plimsoll/types'
import { threatLists } from '../advisories/threats.ts'
import type { Db } from '../db/open.ts'
import { countFindings } from '../findings/list.ts'
import { countExpiring } from '../rules/list.ts'

/** @param findings those of the scope, which are counted already. */
export function insightsOf(
  db: Db,
  {
    scope,
    findings,
    now,
  }: { readonly scope: Scope | undefined; readonly findings: FindingCounts; readonly now: Date },
): Insights {
  const isListed = threatLists(db).kev !== null
  return {
    knownExploited: isListed ? countFindings(db, { status: 'open', kev: true, scope }) : null,
    fixable: severities.reduce((sum, severity) => sum + findings.patchable[severity], 0),
    rulesEnding: countExpiring(db, scope, now),
  }
}
