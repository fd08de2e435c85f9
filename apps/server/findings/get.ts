import type { FindingDetail } from '@plimsoll/types'
import type { Db } from '../db/open.ts'

export function getFinding(_db: Db, _id: string): FindingDetail {
  throw new Error('not written yet')
}
