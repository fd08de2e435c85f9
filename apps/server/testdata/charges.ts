import type { Db } from '../db/open.ts'

/**
 * That many charges of one month, two subscriptions in turn, three prices in turn. The second subscription's name is
 * one that a spreadsheet would take for a formula.
 */
export function makeCharges(db: Db, count: number, month: string): void {
  db.$client
    .prepare(
      `with recursive n(i) as (values (1) union all select i + 1 from n where i < @count)
       insert into charge (subscription_id, subscription_name, digest, registry_id, registry_name, repository, platform,
         price_micros, currency, charged_at)
       select iif(i % 2, 'line-1', 'line-2'), iif(i % 2, 'Line 1', '=cmd|calc'), printf('sha256:%064x', i), 'r', 'R',
         'team/"api"', 'linux/amd64', iif(i % 3 = 0, null, 290001), iif(i % 3 = 0, null, iif(i % 3 = 1, 'EUR', 'USD')),
         printf('%s-%02dT00:00:00.%03dZ', @month, i * 28 / @count + 1, i % 1000)
       from n`,
    )
    .run({ count, month })
}
