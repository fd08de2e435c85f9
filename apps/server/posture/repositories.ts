import type { RepositorySummary } from '@plimsoll/types'
import type { Db } from '../db/open.ts'

export function listRepositories(_db: Db, _registryId: string): RepositorySummary[] {
  throw new Error('not written yet')
}

export function getRepository(_db: Db, _registryId: string, _name: string): RepositorySummary {
  throw new Error('not written yet')
}
