import type { Overview } from '@plimsoll/types'
import type { Db } from '../db/open.ts'

export function getOverview(_db: Db): Overview {
  throw new Error('not written yet')
}
