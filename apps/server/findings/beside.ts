import type { FindingFilter } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { countFindings } from './list.ts'

/** What the same filter chooses of findings that are counted beside open ones of class `security`. */
export interface CountedBeside {
  readonly undetermined: number
  readonly unimportant: number
  readonly kernelHeaders: number
}

export const countBeside = (db: Db, filter: FindingFilter): CountedBeside => ({
  undetermined: countFindings(db, { ...filter, status: 'undetermined', class: undefined }),
  unimportant: countFindings(db, { ...filter, class: ['unimportant'] }),
  kernelHeaders: countFindings(db, { ...filter, class: ['kernel-headers'] }),
})
