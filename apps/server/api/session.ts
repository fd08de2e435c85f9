import { acceptInvitationSchema, roleSchema, type Session } from '@plimsoll/types'
import { z } from 'zod'
import { open, router } from './trpc.ts'

export const session = router({
  get: open.query(({ ctx }): Session => ctx.access.session()),
  viewAs: open
    .input(z.object({ role: roleSchema }))
    .mutation(({ ctx, input }): Session => ctx.access.viewAs(input.role)),
  acceptInvitation: open
    .input(acceptInvitationSchema)
    .mutation(({ ctx, input }): Promise<Session> => ctx.access.acceptInvitation(input)),
  signOut: open.mutation(({ ctx }): Promise<Session> => ctx.access.signOut()),
})
