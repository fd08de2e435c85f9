import type { Scope } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { Refusal } from '../refusal.ts'

/**
 * What is within a scope, as SQL: the only place that knows what is below what. Every read of lists, counts and score
 * is narrowed by one of these conditions; without a scope they hold for everything.
 */

const chosen = ({ ids }: Scope): SQL => sql`select value from json_each(${JSON.stringify(ids)})`

/** The management groups that are chosen and all that are below them, as a query of their ids. */
const groupsIn = (scope: Scope): SQL => sql`
  with recursive below(id) as (
    ${chosen(scope)} union select mg.id from below join management_group mg on mg.parent_id = below.id)
  select id from below`

/** The subscriptions within a scope, and those that the registries of one are in, likewise. */
const subscriptionsIn = (scope: Scope): SQL => {
  if (scope.kind === 'subscription') return chosen(scope)
  return scope.kind === 'registry'
    ? sql`select sg.subscription_id from registry sg where sg.id in (${chosen(scope)})`
    : sql`select ss.id from subscription ss where ss.management_group_id in (${groupsIn(scope)})`
}

/** The management groups that what is chosen is in, up to the tenant. */
const groupsAbove = (scope: Scope): SQL => sql`
  with recursive above(id) as (
    ${
      scope.kind === 'management-group'
        ? chosen(scope)
        : sql`select ss.management_group_id from subscription ss where ss.id in (${subscriptionsIn(scope)})`
    }
    union select mg.parent_id from above join management_group mg on mg.id = above.id
    where mg.parent_id is not null)
  select id from above`

/** The registries within it, likewise. */
const registriesIn = (scope: Scope): SQL =>
  scope.kind === 'registry'
    ? chosen(scope)
    : sql`select sg.id from registry sg where sg.subscription_id in (${subscriptionsIn(scope)})`

const repositoriesIn = (scope: Scope): SQL =>
  sql`select sr.id from repository sr where sr.registry_id in (${registriesIn(scope)})`

const condition =
  (holds: (scope: Scope) => SQL) =>
  (scope: Scope | undefined): SQL =>
    scope === undefined ? sql`1` : holds(scope)

/** Registry rg is within it. */
export const registryWithin = condition(scope => sql`rg.id in (${registriesIn(scope)})`)

/** Occurrence o is. */
export const imageWithin = condition(scope => sql`o.repository_id in (${repositoriesIn(scope)})`)

/** Snapshot ss of a registry is, which was in the subscription that it names on that day. */
export const snapshotWithin = condition(scope =>
  scope.kind === 'registry'
    ? sql`ss.registry_id in (${chosen(scope)})`
    : sql`ss.subscription_id in (${subscriptionsIn(scope)})`,
)

/** Disable rule dr may hold for something within it: its place is within, or around it. */
export const ruleWithin = condition(
  scope => sql`case dr.scope_kind
    when 'registry' then dr.scope_id in (${registriesIn(scope)})
    when 'subscription' then dr.scope_id in (${subscriptionsIn(scope)})
    else dr.scope_id in (${groupsAbove(scope)})
      ${scope.kind === 'management-group' ? sql`or dr.scope_id in (${groupsIn(scope)})` : sql``} end`,
)

/** What caused c to be noted is about something within it, or about everything. */
export const causeWithin = condition(
  scope => sql`case
    when c.subject_id is null then 1
    when c.kind like 'plan-%' then c.subject_id in (${subscriptionsIn(scope)})
    else c.subject_id in (${registriesIn(scope)})
      ${
        scope.kind === 'registry'
          ? sql``
          : sql`or exists (select 1 from json_each(c.subscription_ids) cs where cs.value in (${subscriptionsIn(scope)}))`
      } end`,
)

/**
 * The ids of the registries within it, as the JSON that a prepared statement's json_each() takes; null: all there are.
 * Those that were removed are among them.
 */
export const registryIdsWithin = (db: Db, scope: Scope | undefined): string | null =>
  idsWithin(db, scope && sql`select rg.id from registry rg where ${registryWithin(scope)}`)

/** The same of the subscriptions within it, and of those that its registries are in. */
export const subscriptionIdsWithin = (db: Db, scope: Scope | undefined): string | null =>
  idsWithin(db, scope && sql`select sub.id from subscription sub where sub.id in (${subscriptionsIn(scope)})`)

const idsWithin = (db: Db, query: SQL | undefined): string | null =>
  query === undefined ? null : JSON.stringify(db.all<{ id: string }>(query).map(({ id }) => id))

const tables: Readonly<Record<Scope['kind'], { readonly ids: SQL; readonly word: string }>> = {
  'management-group': { ids: sql`select id from management_group`, word: 'management group' },
  subscription: { ids: sql`select id from subscription`, word: 'subscription' },
  registry: { ids: sql`select id from registry where removed_at is null`, word: 'registry' },
}

/** @throws Refusal when part of it is not there: nothing would be found in it, which would say nothing. */
export function requireScope(db: Db, scope: Scope | undefined): void {
  if (scope === undefined) return
  const { ids, word } = tables[scope.kind]
  const missing = db.get<{ id: string } | undefined>(
    sql`select value as id from json_each(${JSON.stringify(scope.ids)}) where value not in (${ids}) limit 1`,
  )
  if (missing === undefined) return
  throw new Refusal('not-found', `There is no ${word} ${missing.id}.`, {
    hint: 'The portal lists them under Scopes, and so does "plimsoll scopes tree".',
  })
}
