import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { prepared } from '../db/statements.ts'

/**
 * How often the records of a source have changed. Who matches reads it before and compares it when the result is
 * stored: a result from older advisories is kept (it is better than none) and matched again.
 */
export const generationOf = (db: Db, source: AdvisorySource): number =>
  (prepared(db, 'select generation from advisory_source where source = ?').pluck().get(source) as
    | number
    | undefined) ?? 0
