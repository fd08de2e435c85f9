import type { RuleScope } from '@plimsoll/types'

/**
 * Which rules hold where, as one SQL query: for what is stored of a place, for what a change would make of it (the
 * preview), and in the same words.
 *
 * A rule's scope is a node of the tree (tenant, management groups, subscription, registry) and, below it, what its
 * patterns or its digest leave. All rules whose scope an image is in hold for it together, but for those of a narrower
 * scope than that of the widest rule that overrides.
 */

/** What a change would add to the rules, or take away from them. */
export interface RuleChange {
  /** A rule that is not stored. It has the id 0. */
  readonly add: (RuleScope & { readonly overrides: boolean }) | null
  /** The number of a rule. */
  readonly remove: number | null
}

export const noChange: RuleChange = { add: null, remove: null }

/** The query's parameters, beside those of `occurrences`. @param now ISO 8601. */
export const placeParameters = ({ add, remove }: RuleChange, now: string) => ({
  now,
  added: add === null ? null : JSON.stringify(add),
  removed: remove,
})

/**
 * Rows (occurrence_id, rule_id, holds): every rule in whose scope an occurrence is, and whether it holds for it or is
 * overridden.
 * @param occurrences a query of occurrences' ids, as SQL.
 * @param only a condition on stored rules r, as SQL. Those that override have to be among them.
 */
export const rulesInPlace = (occurrences: string, only = '1'): string => `
  with recursive place as materialized (
    select o.id, o.digest, o.repository_id, rp.name repository, rp.registry_id
    from (${occurrences}) asked cross join occurrence o on o.id = asked.id join repository rp on rp.id = o.repository_id
  ),
  grouped(registry_id, id, height) as (
    select rg.id, sub.management_group_id, 2 from registry rg join subscription sub on sub.id = rg.subscription_id
    where rg.id in (select registry_id from place)
    union all
    select c.registry_id, g.parent_id, c.height + 1 from grouped c join management_group g on g.id = c.id
    where g.parent_id is not null
  ),
  node(registry_id, kind, id, height) as materialized (
    select id, 'registry', id, 0 from registry where id in (select registry_id from place)
    union all select id, 'subscription', subscription_id, 1 from registry where id in (select registry_id from place)
    union all select registry_id, iif(id = 'tenant', 'tenant', 'management-group'), id, height from grouped
  ),
  -- Of the rules those of these nodes alone: there may be many more.
  rule as (
    select n.registry_id, n.height, r.id, r.repository_pattern, r.tag_pattern, r.digest, r.overrides
    from node n cross join disable_rule r indexed by disable_rule_scope
      on r.scope_kind = n.kind and r.scope_id = n.id and r.ended_at is null
    where r.judged and (r.expires_at is null or r.expires_at > @now) and r.number is not @removed and ${only}
    union all
    select n.registry_id, n.height, 0, a ->> 'repository', a ->> 'tag', a ->> 'digest', a ->> 'overrides'
    from (select @added a) join node n on n.kind = a ->> 'kind' and n.id = a ->> 'id' where a is not null
  ),
  -- The wider a scope is, the higher its rank.
  here as materialized (
    select r.registry_id, r.id, r.overrides, r.digest,
      replace(r.repository_pattern, '[', '[[]') repository_glob, replace(r.tag_pattern, '[', '[[]') tag_glob,
      r.height * 10 - case when r.digest is not null then 3 when r.tag_pattern is not null then 2
        when r.repository_pattern is not null then 1 else 0 end rank
    from rule r
  ),
  fits as (
    select p.id occurrence_id, h.id rule_id, h.rank,
      max(iif(h.overrides, h.rank, null)) over (partition by p.id) widest
    from place p join here h on h.registry_id = p.registry_id
    where (h.repository_glob is null or p.repository glob h.repository_glob)
      and (h.digest is null or h.digest = p.digest)
      and (h.tag_glob is null
        or exists (select 1 from tag t where t.repository_id = p.repository_id and t.digest = p.digest
          and t.name glob h.tag_glob)
        or exists (select 1 from index_member im cross join tag t on t.repository_id = p.repository_id
          and t.digest = im.index_digest and t.name glob h.tag_glob where im.digest = p.digest))
  )
  select occurrence_id, rule_id, widest is null or rank >= widest holds from fits`
