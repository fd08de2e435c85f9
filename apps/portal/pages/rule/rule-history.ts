import type { RuleCriteria, RuleRevision } from '@plimsoll/types'
import { absoluteTime } from '../../lib/relative-time.ts'
import { criteriaSentence } from '../../lib/rule-sentence.ts'
import { kindBeside, narrowingText, reasonText } from '../../lib/rule-words.ts'

/** One thing that happened to a rule. `before` is null where there was nothing. */
export interface RuleEvent {
  readonly key: string
  readonly at: string
  /** Null: nobody, it came about with time. */
  readonly by: string | null
  readonly what: 'Created' | 'Changed' | 'Expired' | 'Renewed' | 'Deleted' | 'Restored'
  readonly changes: readonly { readonly field: string; readonly before: string; readonly after: string }[]
}

/** What happened to a rule, the newest first, from its revisions, which come so too. */
export function historyOf(
  revisions: readonly RuleRevision[],
  nameOfScope: (scope: RuleRevision['scope']) => string,
): RuleEvent[] {
  return revisions.flatMap((revision, index): RuleEvent[] => {
    const before = revisions[index + 1]
    const saved: RuleEvent = {
      key: `saved ${index}`,
      at: revision.savedAt,
      by: revision.savedBy,
      what: before === undefined ? 'Created' : savedAfter[before.end ?? 'changed'],
      changes: before === undefined ? [] : changesOf(before, revision, nameOfScope),
    }
    const { end, endedAt: at, endedBy } = revision
    if (at === null) return [saved]
    if (end === 'expired')
      return [{ key: `expired ${index}`, at, by: null, what: 'Expired', changes: [] }, saved]
    if (end !== 'deleted') return [saved]
    return [{ key: `deleted ${index}`, at, by: endedBy, what: 'Deleted', changes: [] }, saved]
  })
}

/** What saving a rule was, by how it had ended before. */
const savedAfter = { expired: 'Renewed', deleted: 'Restored', changed: 'Changed' } as const

type Text = (revision: RuleRevision) => string

function changesOf(
  before: RuleRevision,
  after: RuleRevision,
  nameOfScope: (scope: RuleRevision['scope']) => string,
): RuleEvent['changes'] {
  const fields: readonly [field: string, text: Text][] = [
    ['Name', ({ name }) => name],
    ['Scope', ({ scope }) => scopeSentence(scope, nameOfScope(scope))],
    ['Match', ({ match }) => (match === 'any' ? 'any of the criteria' : 'all of the criteria')],
    ['Criteria', ({ criteria, match }) => criteriaSentence(criteria, match)],
    ['Override rules below', ({ overrides }) => yesNo(overrides)],
    ['Until a fix exists', ({ untilFixed }) => yesNo(untilFixed)],
    ['Reason', ({ reason }) => (reason === null ? 'none' : reasonText[reason])],
    ['Note', ({ justification }) => justification || 'none'],
    ['Owner', ({ owner }) => owner || 'none'],
    ['Expires', ({ expiresAt }) => (expiresAt === null ? 'no end' : absoluteTime(expiresAt))],
  ]
  const changes = fields
    .map(([field, text]) => ({ field, before: text(before), after: text(after) }))
    .filter(change => change.before !== change.after)
  // A sentence cuts long lists, so that what changed may be in what it leaves out.
  if (!changes.some(({ field }) => field === 'Criteria'))
    changes.push(...listChanges(before.criteria, after.criteria))
  return changes
}

function listChanges(before: RuleCriteria, after: RuleCriteria): RuleEvent['changes'] {
  return (['ids', 'cves', 'categories', 'securityChecks', 'packages', 'ecosystems', 'distributions'] as const)
    .map(field => ({
      field: `Criteria, ${field}`,
      before: before[field].join('; '),
      after: after[field].join('; '),
    }))
    .filter(change => change.before !== change.after)
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no')

const scopeSentence = (scope: RuleRevision['scope'], name: string): string =>
  [`${kindBeside(scope.kind, name)} ${name}`.trim(), narrowingText(scope)]
    .filter(part => part !== '')
    .join(', ')
