import type { FindingDetail, NewDisableRule, RuleCriteria, Severity } from '@plimsoll/types'
import { entriesProblem, readCvssBound, readEntries } from '../../lib/criteria-text.ts'
import { suggestedName } from '../../lib/rule-sentence.ts'
import { copy } from './copy.ts'

/** The form as typed: texts, not yet values. `name` is null until it was changed by hand. */
export interface RuleDraft {
  readonly subscriptionId: string
  readonly ids: string
  readonly cves: string
  readonly categories: string
  readonly securityChecks: string
  readonly cvssBelow: string
  readonly severityBelow: RuleCriteria['severityBelow']
  readonly notPatchable: boolean
  readonly justification: string
  readonly name: string | null
}

export const emptyDraft = (subscriptionId: string): RuleDraft => ({
  subscriptionId,
  ids: '',
  cves: '',
  categories: '',
  securityChecks: '',
  cvssBelow: '',
  severityBelow: null,
  notPatchable: false,
  justification: '',
  name: null,
})

/** The severities that can be the least one kept: below Low there is nothing to disable. */
export const keptSeverities: readonly Exclude<Severity, 'Low' | 'Unknown'>[] = ['Critical', 'High', 'Medium']

/** A draft that disables what one finding is about: its CVE, else its own id. */
export function draftFrom(finding: FindingDetail, subscriptionId: string): RuleDraft {
  const isCve = /^CVE-\d{4}-\d+$/.test(finding.vulnerabilityId)
  return { ...emptyDraft(subscriptionId), [isCve ? 'cves' : 'ids']: finding.vulnerabilityId }
}

/** The criteria as far as they can be read, for the name that is suggested while typing. */
function criteriaOf(draft: RuleDraft): RuleCriteria {
  return {
    ids: readEntries(draft.ids),
    // As every list writes them, whichever way they were typed.
    cves: readEntries(draft.cves).map(cve => cve.toUpperCase()),
    categories: readEntries(draft.categories),
    securityChecks: readEntries(draft.securityChecks),
    cvssBelow: readCvssBound(draft.cvssBelow).value,
    severityBelow: draft.severityBelow,
    notPatchable: draft.notPatchable,
  }
}

export const nameOf = (draft: RuleDraft): string => draft.name ?? suggestedName(criteriaOf(draft))

export type Problems = Partial<Record<keyof RuleDraft | 'criteria', string>>

/** Reads a draft into a rule, or says of each field what is wrong with it. */
export function readDraft(draft: RuleDraft): { rule: NewDisableRule } | { problems: Problems } {
  const criteria = criteriaOf(draft)
  const unreadable = problemsIn({
    ids: entriesProblem(criteria.ids),
    cves: entriesProblem(criteria.cves),
    categories: entriesProblem(criteria.categories),
    securityChecks: entriesProblem(criteria.securityChecks),
    cvssBelow: readCvssBound(draft.cvssBelow).problem,
  })
  if (unreadable) return { problems: unreadable }
  if (suggestedName(criteria) === '') return { problems: { criteria: copy.noCriterion } }
  const name = nameOf(draft).trim()
  const justification = draft.justification.trim()
  const problems = problemsIn({
    name: name === '' ? copy.noName : name.length > maxName ? copy.longName : null,
    justification: justification.length > maxJustification ? copy.longJustification : null,
  })
  return problems
    ? { problems }
    : { rule: { subscriptionId: draft.subscriptionId, name, justification, criteria } }
}

// The schema's own bounds, by the test: a page that loads schemas loads the whole library for them.
const maxName = 200
const maxJustification = 4000

function problemsIn(found: Readonly<Partial<Record<keyof Problems, string | null>>>): Problems | null {
  const problems = Object.entries(found).filter(([, problem]) => problem !== null)
  return problems.length > 0 ? Object.fromEntries(problems) : null
}
