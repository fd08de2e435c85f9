import type { RuleReason, RuleScope, RuleScopeKind, RuleStatus } from '@plimsoll/types'
import { shortDigest } from './digest.ts'

/** Why findings are disabled, in words. */
export const reasonText: Readonly<Record<RuleReason, string>> = {
  'false-positive': 'False positive',
  'not-exploitable': 'Not exploitable here',
  'accepted-risk': 'Accepted risk',
  'no-fix': 'No fix',
}

export const scopeKindText: Readonly<Record<RuleScopeKind, string>> = {
  tenant: 'Tenant',
  'management-group': 'Management group',
  subscription: 'Subscription',
  registry: 'Registry',
}

/** The kind as it stands beside a name; a tenant that is called Tenant needs no second word. */
export const kindBeside = (kind: RuleScopeKind, name: string): string =>
  name === scopeKindText[kind] ? '' : scopeKindText[kind]

/** A rule's status, as filters and rows name it. */
export const statusText: Readonly<Record<RuleStatus, string>> = {
  active: 'Active',
  expiring: 'Expiring',
  expired: 'Expired',
  stale: 'Matches nothing',
  overridden: 'Overridden',
  applying: 'Being applied',
}

/** What a scope is narrowed to below its node: `repository shop/*, tag 1.*`; empty when it is all of the node. */
export const narrowingText = ({ repository, tag, digest }: RuleScope): string =>
  [
    repository !== null && `repository ${repository}`,
    tag !== null && `tag ${tag}`,
    digest !== null && `image ${shortDigest(digest)}`,
  ]
    .filter(part => part !== false)
    .join(', ')
