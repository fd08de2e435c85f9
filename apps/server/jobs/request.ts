import type { ScanSummary } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import type { EventBus } from '../events.ts'
import type { OccurrenceName } from '../posture/images.ts'

export function requestScan(_name: OccurrenceName, _deps: { db: Db; events: EventBus }): ScanSummary {
  throw new Error('not written yet')
}
