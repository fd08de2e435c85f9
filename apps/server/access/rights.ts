import type { Action, Role } from '@plimsoll/types'
import type { Viewer } from '../api/context.ts'

/** Which role may do what: the one table. Procedures name the action, never the role. */
const rights: Readonly<Record<Action, readonly Role[]>> = {
  'findings/read': ['Security Reader', 'Security Admin'],
  'rules/write': ['Security Admin'],
  'scans/write': ['Security Admin'],
  'registries/write': ['Security Admin'],
  'scopes/write': ['Security Admin'],
  'plans/write': ['Security Admin'],
  'images/delete': ['Security Admin'],
  'imports/write': ['Security Admin'],
  'billing/write': ['Security Admin'],
  'settings/write': ['Security Admin'],
  'users/write': ['Security Admin'],
}

/**
 * What hands out a secret that goes on opening doors (links to accounts, the secrets of registries), or changes what real
 * registries hold. The demonstration is viewed without an account and ends with the first one, so nothing of that kind
 * may be carried away from it, or done in nobody's name.
 */
const lasting: ReadonlySet<Action> = new Set([
  'users/write',
  'registries/write',
  'images/delete',
  'imports/write',
])

export type Right = 'granted' | 'needs-role' | 'needs-account'

export function rightOf({ id, role }: Pick<Viewer, 'id' | 'role'>, action: Action): Right {
  if (!rights[action].includes(role)) return 'needs-role'
  return id === null && lasting.has(action) ? 'needs-account' : 'granted'
}
