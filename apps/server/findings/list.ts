import type { FindingRow, findingListInputSchema } from '@plimsoll/types'
import type { z } from 'zod'
import type { Db } from '../db/open.ts'

export interface FindingPage {
  readonly rows: FindingRow[]
  readonly total: number
  /** The same filter with status `disabled`. */
  readonly disabledTotal: number
}

export function listFindings(_db: Db, _input: z.output<typeof findingListInputSchema>): FindingPage {
  throw new Error('not written yet')
}
