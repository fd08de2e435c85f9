import type { Role } from '@plimsoll/types'

const what: Readonly<Record<Role, string>> = {
  'Security Reader': 'Sees recommendations, findings, rules and scans.',
  'Security Admin':
    'Also connects registries, sets plans, requests scans, imports and deletes images, and makes disable rules.',
}

/** The roles with what each may do, the lesser first. */
export const rolesExplained: readonly { readonly role: Role; readonly may: string }[] = (
  Object.keys(what) as Role[]
).map(role => ({ role, may: what[role] }))
