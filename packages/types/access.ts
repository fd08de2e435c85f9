import { z } from 'zod'

/** The original's two roles of this feature. A Security Admin may do all that a Security Reader may. */
export const roles = ['Security Reader', 'Security Admin'] as const
export const roleSchema = z.enum(roles)
export type Role = z.infer<typeof roleSchema>

/** What a procedure asks for; which role has which is one table, `rights` in the server's access folder. */
export const actions = [
  'findings/read',
  'rules/write',
  'scans/write',
  'registries/write',
  'scopes/write',
  'plans/write',
  'images/delete',
  'imports/write',
  'billing/write',
  'settings/write',
  'users/write',
] as const
export type Action = (typeof actions)[number]

export const passwordSchema = z.string().min(12, 'Use at least 12 characters.').max(256)
export const emailSchema = z.email('Give an e-mail address.').max(254)
