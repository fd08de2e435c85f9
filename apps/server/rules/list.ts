import type { DisableRule } from '@plimsoll/types'
import type { Db } from '../db/open.ts'

export function listRules(_db: Db): DisableRule[] {
  throw new Error('not written yet')
}

export function getRule(_db: Db, _id: string): DisableRule {
  throw new Error('not written yet')
}
