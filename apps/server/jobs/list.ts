import type { ScanSummary } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import type { OccurrenceName } from '../posture/images.ts'

export interface ScanPage {
  readonly rows: ScanSummary[]
  readonly total: number
  readonly queued: number
  readonly running: number
}

export function listScans(_db: Db, _input: { page: number; size: number }): ScanPage {
  throw new Error('not written yet')
}

export function listScansOfImage(_db: Db, _name: OccurrenceName): ScanSummary[] {
  throw new Error('not written yet')
}
