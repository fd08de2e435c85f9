import type { RuleStatus } from '@plimsoll/types'

export const copy = {
  title: 'Disable rules',
  intro:
    'A finding that a rule matches is disabled: it moves to the disabled findings, and counts in no total and not in the secure score. When the rule ends or is deleted, it counts again.',
  none: 'No disable rule',
  noneText: 'Every finding counts.',
  noneOfStatus: 'No rule is so now',
  noMatch: 'No rule matches these words',
  noneInScope: 'No disable rule may hold for anything in it.',
  create: 'Create rule',
  byScope: 'Rules by scope',
  readersCannot: 'Only a Security Admin can create, change or delete disable rules.',
  noReason: 'No reason given',
} as const

/** What a status means, for those who meet it first. */
export const statusMeaning: Readonly<Record<RuleStatus, string>> = {
  active: 'It disables findings now.',
  expiring: 'It ends within 14 days; what it alone disables opens again then.',
  expired: 'It has ended and disables nothing any more. It can be renewed.',
  stale: 'No finding matches it now. It would disable those that come.',
  overridden: 'Rules of wider scopes take its place everywhere.',
  applying: 'What it disables is being worked out.',
}
