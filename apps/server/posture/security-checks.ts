import type { SecurityCheckRow } from '@plimsoll/types'
import type { Db } from '../db/open.ts'

export const securityCheckSorts = ['-severity', 'severity', '-images', 'images', 'id', '-id'] as const

export interface SecurityCheckInput {
  readonly tab: 'findings' | 'disabled'
  readonly q?: string | undefined
  readonly sort: (typeof securityCheckSorts)[number]
  readonly page: number
  readonly size: number
}

export interface SecurityCheckPage {
  readonly rows: SecurityCheckRow[]
  readonly total: number
}

export function listSecurityChecks(_db: Db, _input: SecurityCheckInput): SecurityCheckPage {
  throw new Error('not written yet')
}
