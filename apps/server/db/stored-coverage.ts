import type { Coverage } from '@plimsoll/types'

/** A ledger as it was stored. Those of older versions do not say which databases were read and of which release. */
export type StoredCoverage = Omit<Coverage, 'databases' | 'release'> &
  Partial<Pick<Coverage, 'databases' | 'release'>>

export const coverageOf = (stored: StoredCoverage): Coverage => ({ databases: [], release: null, ...stored })
