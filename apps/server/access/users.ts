import type { UserSummary } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'

export function listUsers(_db: Db): UserSummary[] {
  throw new Error('not written yet')
}

export function removeUser(
  _id: string,
  _deps: { db: Db; log: Logger; viewer: { id: string | null; name: string } },
): { removed: boolean } {
  throw new Error('not written yet')
}
