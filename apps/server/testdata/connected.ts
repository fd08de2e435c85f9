import type { Db } from '../db/open.ts'
import { ensureRegistry, ensureSubscription } from '../intake/places.ts'

/** Makes a Docker Distribution registry known, as connecting it does. @returns its id. */
export function connected(db: Db, url: string): string {
  const at = new Date().toISOString()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url }, at)
  return 'reg'
}
