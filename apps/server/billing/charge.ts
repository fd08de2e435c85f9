import type { Coverage } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { readPrice } from './price.ts'

/**
 * Whether a result says something of its image. One whose packages were read and are judged by no advisories, because
 * none were imported for its release or there are none, says nothing yet.
 */
export const isAssessed = ({ status, feeds }: Pick<Coverage, 'status' | 'feeds'>): boolean =>
  status === 'complete' || (status === 'partial' && feeds.length > 0)

/**
 * Charges an image that was assessed to its subscription: once for a digest, whatever becomes of it afterwards. For the
 * transaction that records the result, so that neither can be without the other. What is not assessed (not applicable,
 * failed, judged by nothing, an index) has no place here, and with the plan off nothing is charged. See docs/decisions/0010-charges.md.
 * @returns whether it is a new charge.
 */
export function chargeFor(db: Db, occurrenceId: number, at: string): boolean {
  const subscriptionWithout = prepared(
    db,
    `select sub.id from occurrence o join repository rp on rp.id = o.repository_id
       join registry rg on rg.id = rp.registry_id join subscription sub on sub.id = rg.subscription_id
     where o.id = ? and sub.plan = 'on' and rg.removed_at is null and not exists (
       select 1 from charge c where c.subscription_id = sub.id and c.digest = o.digest)`,
  ).get(occurrenceId)
  // A rescan, by far the usual case, reads two indexes and writes nothing.
  if (subscriptionWithout === undefined) return false
  const price = readPrice(db)
  const { changes } = prepared(
    db,
    `insert into charge (subscription_id, subscription_name, digest, registry_id, registry_name, repository, platform,
       price_micros, currency, charged_at)
     select sub.id, sub.name, o.digest, rg.id, rg.name, rp.name,
       i.os || '/' || i.architecture || coalesce('/' || i.variant, ''), @micros, @currency, @at
     from occurrence o join repository rp on rp.id = o.repository_id
       join registry rg on rg.id = rp.registry_id join subscription sub on sub.id = rg.subscription_id
       left join image i on i.id = o.image_id
     where o.id = @occurrenceId
     on conflict (subscription_id, digest) do nothing`,
  ).run({ occurrenceId, micros: price?.micros ?? null, currency: price?.currency ?? null, at })
  return changes === 1
}
