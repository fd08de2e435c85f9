import type { Action, Role } from '@plimsoll/types'

/** Which role may do what: the one table. Procedures name the action, never the role. */
const rights: Readonly<Record<Action, readonly Role[]>> = {
  'findings/read': ['Security Reader', 'Security Admin'],
  'rules/write': ['Security Admin'],
  'scans/write': ['Security Admin'],
  'registries/write': ['Security Admin'],
  'users/write': ['Security Admin'],
}

export const may = (role: Role, action: Action): boolean => rights[action].includes(role)
