import type { Subscription } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { subscription } from '../db/schema.ts'

export function listSubscriptions(db: Db): Subscription[] {
  return db
    .select({ id: subscription.id, name: subscription.name })
    .from(subscription)
    .orderBy(subscription.name)
    .all()
}
