import type { ExplainAnswer } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { type OccurrenceName, occurrenceNamed } from '../posture/images.ts'
import { Refusal } from '../refusal.ts'

/**
 * Why a vulnerability is, or is not, among an image's findings.
 * @throws Refusal when there is no such image.
 */
export function explainFinding(db: Db, { id, ...name }: OccurrenceName & { id: string }): ExplainAnswer {
  occurrenceNamed(db, name)
  throw new Refusal('conflict', `Nothing can be said of ${id} yet.`)
}
