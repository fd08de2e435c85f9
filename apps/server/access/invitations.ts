import type { Role } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'

export interface InvitationLink {
  /** A link that makes one account; to be handed over by a private way. */
  readonly link: string
  readonly expiresAt: string
}

export interface InviteDeps {
  readonly db: Db
  readonly log: Logger
  readonly origin: string
  readonly viewer: { readonly name: string }
}

export function invite(_input: { role: Role }, _deps: InviteDeps): InvitationLink {
  throw new Error('not written yet')
}
