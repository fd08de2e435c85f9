import { connectTo } from '../../apps/server/db/open.ts'
import { storeSnapshot, takeSnapshot } from '../../apps/server/posture/score-snapshot.ts'
import { daysBefore } from '../../apps/server/posture/score-trend.ts'

/**
 * Writes days into a server's past, as if it had run then: everything as now, with so many more findings of critical
 * severity open.
 */
export function storeEarlierDays(dataDir: string, more: Readonly<Record<number, number>>): void {
  const db = connectTo(dataDir)
  const now = takeSnapshot(db)
  const today = new Date().toISOString().slice(0, 10)
  for (const [ago, criticals] of Object.entries(more)) {
    const then = now.map(one => ({ ...one, openCritical: one.openCritical + criticals }))
    storeSnapshot(db, daysBefore(today, Number(ago)), then)
  }
  db.$client.close()
}
