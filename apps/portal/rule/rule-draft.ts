import type {
  DisableRule,
  NewDisableRule,
  RuleCriteria,
  RuleOfFilter,
  RuleReason,
  RuleScope,
} from '@plimsoll/types'
import { entriesProblem, readBound, readEntries } from '../lib/criteria-text.ts'
import { suggestedName } from '../lib/rule-sentence.ts'
import { copy } from './copy.ts'
import { defaultLastDay, endOfDay, lastDayOf, minEndlessNote } from './expiry.ts'

/** Criteria that are lists. */
export const listFields = [
  'ids',
  'cves',
  'categories',
  'securityChecks',
  'packages',
  'ecosystems',
  'distributions',
] as const
export type ListField = (typeof listFields)[number]

/** The form as typed: texts, not yet values. `name` is null until it was changed by hand. */
export interface RuleDraft extends Readonly<Record<ListField, string>> {
  readonly place: Pick<RuleScope, 'kind' | 'id'>
  readonly repository: string
  readonly tag: string
  readonly digest: string
  readonly match: NewDisableRule['match']
  readonly cvssBelow: string
  readonly severityBelow: RuleCriteria['severityBelow']
  readonly notPatchable: boolean
  readonly epssBelow: string
  readonly kev: RuleCriteria['kev']
  readonly reason: RuleReason | null
  readonly justification: string
  readonly owner: string
  /** The last day on which it holds, in UTC. */
  readonly lastDay: string
  readonly endless: boolean
  /** The end that the rule has so far: it stays to the second unless the day is changed. */
  readonly expiresAt: string | null
  readonly untilFixed: boolean
  readonly overrides: boolean
  readonly name: string | null
}

const tenantPlace = { kind: 'tenant', id: 'tenant' } as const

export const emptyDraft = (now: number): RuleDraft => ({
  place: tenantPlace,
  repository: '',
  tag: '',
  digest: '',
  match: 'any',
  ids: '',
  cves: '',
  categories: '',
  securityChecks: '',
  packages: '',
  ecosystems: '',
  distributions: '',
  cvssBelow: '',
  severityBelow: null,
  notPatchable: false,
  epssBelow: '',
  kev: null,
  reason: null,
  justification: '',
  owner: '',
  lastDay: defaultLastDay(now),
  endless: false,
  expiresAt: null,
  untilFixed: false,
  overrides: false,
  name: null,
})

/** A rule as the form shows it. One that has expired begins anew, with the end that a new one would have. */
export function draftOfRule(rule: DisableRule, now: number): RuleDraft {
  const { expiresAt } = rule
  const holds = expiresAt !== null && Date.parse(expiresAt) > now
  return {
    ...draftOf(rule, now),
    reason: rule.reason,
    justification: rule.justification,
    owner: rule.owner,
    lastDay: holds ? lastDayOf(expiresAt) : defaultLastDay(now),
    endless: expiresAt === null,
    expiresAt: holds ? expiresAt : null,
    untilFixed: rule.untilFixed,
    overrides: rule.overrides,
    name: rule.name,
  }
}

/** What a rule is about, in a form that is empty but for that. */
export function draftOf(
  { scope, match, criteria }: Pick<RuleOfFilter, 'scope' | 'match' | 'criteria'>,
  now: number,
): RuleDraft {
  const lists = Object.fromEntries(listFields.map(field => [field, criteria[field].join('\n')])) as Record<
    ListField,
    string
  >
  return {
    ...emptyDraft(now),
    ...lists,
    place: { kind: scope.kind, id: scope.id },
    repository: scope.repository ?? '',
    tag: scope.tag ?? '',
    digest: scope.digest ?? '',
    match,
    cvssBelow: criteria.cvssBelow === null ? '' : String(criteria.cvssBelow),
    severityBelow: criteria.severityBelow,
    notPatchable: criteria.notPatchable,
    epssBelow: criteria.epssBelow === null ? '' : String(criteria.epssBelow),
    kev: criteria.kev,
  }
}

/** The severities that can be the least one kept: below Low there is nothing to disable. */
export const keptSeverities = ['Critical', 'High', 'Medium'] as const

/** The criteria as far as they can be read, for the name that is suggested while typing. */
function criteriaOf(draft: RuleDraft): RuleCriteria {
  const lists = Object.fromEntries(listFields.map(field => [field, readEntries(draft[field])])) as Record<
    ListField,
    string[]
  >
  return {
    ...lists,
    // As every list writes them, whichever way they were typed.
    cves: lists.cves.map(cve => cve.toUpperCase()),
    cvssBelow: readBound(draft.cvssBelow, 10).value,
    severityBelow: draft.severityBelow,
    notPatchable: draft.notPatchable,
    epssBelow: readBound(draft.epssBelow, 1).value,
    kev: draft.kev,
  }
}

export const nameOf = (draft: RuleDraft): string =>
  draft.name ?? suggestedName(criteriaOf(draft), draft.match)

export type Problems = Partial<Record<keyof RuleDraft | 'criteria', string>>

/** Reads a draft into a rule, or says of each field what is wrong with it. */
export function readDraft(draft: RuleDraft, now: number): { rule: NewDisableRule } | { problems: Problems } {
  const rule = ruleOf(draft)
  const problems = { ...criteriaProblems(draft, rule.criteria), ...otherProblems(draft, rule, now) }
  return Object.keys(problems).length > 0 ? { problems } : { rule }
}

/**
 * What the draft would disable, as far as it is filled in: name, reason and end change nothing of that. Null where it
 * cannot be told.
 */
export function previewedRule(draft: RuleDraft): NewDisableRule | null {
  const rule = ruleOf(draft)
  if (Object.keys(criteriaProblems(draft, rule.criteria)).length > 0 || placeProblem(draft) !== null)
    return null
  return { ...rule, name: '-', reason: null, justification: '', owner: '', expiresAt: null }
}

function ruleOf(draft: RuleDraft): NewDisableRule {
  return {
    name: nameOf(draft).trim(),
    scope: {
      ...draft.place,
      repository: draft.repository.trim() || null,
      tag: draft.tag.trim() || null,
      digest: draft.digest.trim() || null,
    },
    match: draft.match,
    criteria: criteriaOf(draft),
    overrides: draft.overrides,
    untilFixed: draft.untilFixed,
    reason: draft.reason,
    justification: draft.justification.trim(),
    owner: draft.owner.trim(),
    expiresAt: expiryOf(draft),
  }
}

function expiryOf({ endless, lastDay, expiresAt }: RuleDraft): string | null {
  if (endless) return null
  return expiresAt !== null && lastDayOf(expiresAt) === lastDay ? expiresAt : endOfDay(lastDay)
}

function criteriaProblems(draft: RuleDraft, criteria: RuleCriteria): Problems {
  const unreadable = kept({
    ...Object.fromEntries(listFields.map(field => [field, entriesProblem(criteria[field])])),
    cvssBelow: readBound(draft.cvssBelow, 10).problem,
    epssBelow: readBound(draft.epssBelow, 1).problem,
  })
  if (Object.keys(unreadable).length > 0) return unreadable
  return suggestedName(criteria, draft.match) === '' ? { criteria: copy.noCriterion } : {}
}

// The schema's own bounds, by the test: a page that loads schemas loads the whole library for them.
const maxName = 200
const maxNote = 4000

function otherProblems(draft: RuleDraft, rule: NewDisableRule, now: number): Problems {
  const note = rule.justification
  return kept({
    digest: placeProblem(draft),
    reason: rule.reason === null ? copy.noReason : null,
    justification:
      note === ''
        ? copy.noNote
        : note.length > maxNote
          ? copy.longNote
          : draft.endless && note.length < minEndlessNote
            ? copy.shortNote
            : null,
    lastDay: lastDayProblem(draft, rule.expiresAt, now),
    // What is suggested is empty only where there is no criterion, which is said already.
    name:
      rule.name === '' && draft.name !== null
        ? copy.noName
        : rule.name.length > maxName
          ? copy.longName
          : null,
  })
}

function lastDayProblem({ endless }: RuleDraft, expiresAt: string | null, now: number): string | null {
  if (endless) return null
  if (expiresAt === null) return copy.noDay
  return Date.parse(expiresAt) <= now ? copy.pastDay : null
}

const placeProblem = ({ digest }: RuleDraft): string | null =>
  digest.trim() === '' || /^sha256:[0-9a-f]{64}$/.test(digest.trim()) ? null : copy.noDigest

const kept = (found: Readonly<Partial<Record<keyof Problems, string | null>>>): Problems =>
  Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== null))
