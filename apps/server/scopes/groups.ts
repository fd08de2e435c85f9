import { type ManagementGroup, type NewManagementGroup, tenantId } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { deleteRulesOf } from '../rules/delete.ts'
import { notePlacesChanged } from '../rules/keeper.ts'
import { rulesAt } from '../rules/rule.ts'
import { enumerated, idFromName, requireFreeName, type ScopeDeps } from './names.ts'
import { listGroups } from './tree.ts'

/** Management groups below the tenant, and no deeper, as in Azure. */
const maxDepth = 6

/** @throws Refusal */
export function createGroup({ name, parentId }: NewManagementGroup, deps: ScopeDeps): ManagementGroup {
  const { db } = deps
  const id = inTransaction(db, () => {
    requireGroup(db, parentId)
    if (depthOf(db, parentId) >= maxDepth) throw tooDeep()
    requireFreeName(db, parentId, name, null)
    const made = idFromName(name, 'group', one => findGroup(db, one) !== undefined)
    prepared(db, 'insert into management_group (id, name, parent_id, created_at) values (?, ?, ?, ?)').run(
      made,
      name,
      parentId,
      new Date().toISOString(),
    )
    return made
  })
  changed(deps, 'management-group-created', { group: id, name, parent: parentId })
  return groupOf(db, id)
}

/** The tenant too can be renamed. @throws Refusal */
export function renameGroup({ id, name }: { id: string; name: string }, deps: ScopeDeps): ManagementGroup {
  const { db } = deps
  inTransaction(db, () => {
    const { parentId } = requireGroup(db, id)
    if (parentId !== null) requireFreeName(db, parentId, name, `group ${id}`)
    prepared(db, 'update management_group set name = ? where id = ?').run(name, id)
  })
  changed(deps, 'management-group-renamed', { group: id, name })
  return groupOf(db, id)
}

/** Moves a management group with all that is under it. @throws Refusal */
export function moveGroup(
  { id, parentId }: { id: string; parentId: string },
  deps: ScopeDeps,
): ManagementGroup {
  const { db } = deps
  inTransaction(db, () => {
    const { name } = requireBelowTenant(db, id, 'moved')
    const target = requireGroup(db, parentId)
    if (ancestors(db, parentId).includes(id)) {
      throw new Refusal(
        'conflict',
        `"${target.name}" is under "${name}", so "${name}" cannot be moved there.`,
      )
    }
    if (depthOf(db, parentId) + heightOf(db, id) > maxDepth) throw tooDeep()
    requireFreeName(db, parentId, name, `group ${id}`)
    prepared(db, 'update management_group set parent_id = ? where id = ?').run(parentId, id)
    notePlacesChanged(db)
  })
  deps.rules.wake()
  changed(deps, 'management-group-moved', { group: id, parent: parentId })
  return groupOf(db, id)
}

/** @throws Refusal when something is in it, saying what. */
export function deleteGroup({ id }: { id: string }, deps: ScopeDeps): { deleted: true } {
  const { db } = deps
  const name = inTransaction(db, () => {
    const group = requireBelowTenant(db, id, 'deleted')
    const count = (text: string): number => prepared(db, text).pluck().get(id) as number
    const content = enumerated([
      [
        count('select count(*) from management_group where parent_id = ?'),
        'management group',
        'management groups',
      ],
      [
        count('select count(*) from subscription where management_group_id = ?'),
        'subscription',
        'subscriptions',
      ],
      [count(rulesAt('management-group')), 'disable rule', 'disable rules'],
    ])
    if (content !== '') {
      throw new Refusal('conflict', `"${group.name}" cannot be deleted: it holds ${content}.`, {
        hint: 'Move or delete what is in it first.',
      })
    }
    // Expired ones, which are only listed.
    deleteRulesOf(db, { kind: 'management-group', id }, deps.viewer.name, new Date().toISOString())
    prepared(db, 'delete from management_group where id = ?').run(id)
    return group.name
  })
  deps.rules.wake()
  changed(deps, 'management-group-deleted', { group: id, name })
  return { deleted: true }
}

interface GroupRow {
  readonly name: string
  readonly parentId: string | null
}

const findGroup = (db: Db, id: string): GroupRow | undefined =>
  prepared(db, 'select name, parent_id parentId from management_group where id = ?').get(id) as
    | GroupRow
    | undefined

/** @throws Refusal */
export function requireGroup(db: Db, id: string): GroupRow {
  const group = findGroup(db, id)
  if (group !== undefined) return group
  throw new Refusal('not-found', `There is no management group ${id}.`, {
    hint: 'It goes by its id: the portal lists them under Scopes, and so does "plimsoll scopes tree".',
  })
}

function requireBelowTenant(db: Db, id: string, verb: string): GroupRow {
  const group = requireGroup(db, id)
  if (id !== tenantId) return group
  throw new Refusal('conflict', `The tenant cannot be ${verb}: everything is under it.`, {
    hint: 'It can be renamed.',
  })
}

const groupOf = (db: Db, id: string): ManagementGroup => {
  const group = listGroups(db).find(one => one.id === id)
  if (group === undefined) throw new Error('a management group that was just changed is not there')
  return group
}

/** From the group itself up to the tenant. */
const ancestors = (db: Db, id: string): string[] =>
  prepared(
    db,
    `with recursive up(id, level) as (values (@id, 0) union all
       select g.parent_id, up.level + 1 from up join management_group g on g.id = up.id where g.parent_id is not null)
     select id from up order by level`,
  )
    .pluck()
    .all({ id }) as string[]

/** 0 for the tenant. */
const depthOf = (db: Db, id: string): number => ancestors(db, id).length - 1

/** 1 for a group without groups. */
const heightOf = (db: Db, id: string): number =>
  prepared(
    db,
    `with recursive down(id, level) as (values (@id, 1) union all
       select g.id, down.level + 1 from down join management_group g on g.parent_id = down.id)
     select max(level) from down`,
  )
    .pluck()
    .get({ id }) as number

const tooDeep = (): Refusal =>
  new Refusal('conflict', `Management groups are at most ${maxDepth} deep below the tenant.`)

function changed({ events, log, viewer }: ScopeDeps, audit: string, what: Record<string, string>): void {
  log.info({ audit, ...what, by: viewer.name }, 'management groups were changed')
  events.publish({ type: 'changed', what: 'scopes' })
}
