import { z } from 'zod'
import { emailSchema, passwordSchema, roleSchema } from './access.ts'

/** Who asks, and what the sign-in page may offer. */
export const sessionSchema = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), role: roleSchema }).nullable(),
  /** The demonstration offers "view as" on loopback until the first admin is set up. */
  viewAs: z.boolean(),
  /** No local user exists yet: the printed one-time link makes the first admin. */
  setupNeeded: z.boolean(),
  demonstration: z.boolean(),
  version: z.string(),
})
export type Session = z.infer<typeof sessionSchema>

/** What a one-time link's page sends. The token's holder becomes the first admin, or the invited user. */
export const acceptInvitationSchema = z.object({
  token: z.string().min(20).max(200),
  name: z.string().trim().min(1, 'Give a name.').max(100),
  email: emailSchema,
  password: passwordSchema,
})
export type AcceptInvitation = z.infer<typeof acceptInvitationSchema>

export const inviteSchema = z.object({ role: roleSchema })

export const userSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  createdAt: z.iso.datetime(),
})
export type UserSummary = z.infer<typeof userSummarySchema>
