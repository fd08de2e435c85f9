import { inviteSchema, type UserSummary } from '@plimsoll/types'
import { z } from 'zod'
import { type InvitationLink, invite } from '../access/invitations.ts'
import { listUsers, removeUser } from '../access/users.ts'
import { allowed, router } from './trpc.ts'

const admin = allowed('users/write')

export const users = router({
  list: admin.query(({ ctx }): UserSummary[] => listUsers(ctx.db)),
  invite: admin.input(inviteSchema).mutation(({ ctx, input }): InvitationLink => invite(input, ctx)),
  remove: admin
    .input(z.object({ id: z.string().max(100) }))
    .mutation(({ ctx, input }): { removed: boolean } => removeUser(input.id, ctx)),
})
