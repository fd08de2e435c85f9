import type { RegistrySummary } from '@plimsoll/types'
import type { Db } from '../db/open.ts'

export function listRegistries(_db: Db): RegistrySummary[] {
  throw new Error('not written yet')
}

export function getRegistry(_db: Db, _id: string): RegistrySummary {
  throw new Error('not written yet')
}
