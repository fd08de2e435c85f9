import pino from 'pino'
import { beforeEach, expect, test, vi } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus, type ServerEvent } from '../events.ts'
import { startRuleKeeper } from '../rules/keeper.ts'
import { readSetting } from '../settings/setting.ts'
import { madeDigest, madeOccurrence } from '../testdata/fleet.ts'
import { createGroup, deleteGroup, moveGroup, renameGroup } from './groups.ts'
import type { ScopeDeps } from './names.ts'
import {
  createSubscription,
  deleteSubscription,
  moveSubscription,
  renameSubscription,
} from './subscriptions.ts'
import { getSubscription, scopeTree } from './tree.ts'

let db: Db
let deps: ScopeDeps
let heard: ServerEvent[]
beforeEach(() => {
  db = openInMemory()
  const events = createEventBus()
  heard = []
  events.subscribe(event => heard.push(event))
  const log = pino({ level: 'silent' })
  deps = { db, events, log, viewer: { name: 'Ada' }, rules: startRuleKeeper({ db, events, log }) }
})

const group = (name: string, parentId = 'tenant'): string => createGroup({ name, parentId }, deps).id
const subscription = (name: string, managementGroupId = 'tenant'): string =>
  createSubscription({ name, managementGroupId }, deps).id

test('ids are made of names and stay when those change', () => {
  expect([group('Plant 7 / Süd'), group('  --  '), group('生産'), group('Tenant')]).toEqual([
    'plant-7-sud',
    'group',
    'group-2',
    'tenant-2',
  ])
  expect(group('Plant 7 / Süd', 'group')).toBe('plant-7-sud-2')
  expect(renameGroup({ id: 'plant-7-sud', name: 'North' }, deps)).toMatchObject({
    id: 'plant-7-sud',
    name: 'North',
  })
  expect(group('x'.repeat(100)).length).toBeLessThan(64)
  expect(heard).toContainEqual({ type: 'changed', what: 'scopes' })
})

test('the tree gives parents before children, and counts what is under each at any depth', () => {
  const plants = group('Plants')
  const north = group('North', plants)
  subscription('Line 1', north)
  subscription('Line 2', plants)
  madeOccurrence(db, { subscription: 'line-1', registry: 'r', digest: madeDigest(1) })
  expect(scopeTree(db)).toMatchObject({
    groups: [
      { id: 'tenant', parentId: null, subscriptions: 2 },
      { id: 'plants', parentId: 'tenant', subscriptions: 2 },
      { id: 'north', parentId: 'plants', subscriptions: 1 },
    ],
    subscriptions: [
      { id: 'line-1', managementGroupId: 'north', plan: 'on', registries: 1, images: 1, chargedImages: 0 },
      { id: 'line-2', effectiveTriggers: ['push', 'pull', 'import', 'running'], registries: 0, images: 0 },
    ],
    registries: [{ id: 'r', subscriptionId: 'line-1', resourceGroup: null }],
  })
})

test('names are unique among siblings, in whatever letters', () => {
  const plants = group('Plants')
  subscription('Line', plants)
  expect(() => group('PLANTS')).toThrow('There is "Plants" in this management group already.')
  expect(() => group('line', plants)).toThrow('There is "Line"')
  expect(() => subscription('ｌｉｎｅ', plants)).toThrow('There is "Line"')
  // Its own name in other letters, and the same name elsewhere, are nobody's.
  renameSubscription({ id: 'line', name: 'LINE' }, deps)
  const other = subscription('Line')
  expect(() => moveSubscription({ id: other, managementGroupId: plants }, deps)).toThrow('There is "LINE"')
  const second = group('Second')
  group('Plants', second)
  expect(() => moveGroup({ id: 'plants-2', parentId: 'tenant' }, deps)).toThrow('There is "Plants"')
})

test('groups make no circle, are at most six deep, and the tenant stays where it is', () => {
  const chain = ['tenant']
  for (let level = 1; level <= 6; level++) chain.push(group(`Level ${level}`, chain.at(-1)))
  expect(() => group('Level 7', chain[6])).toThrow('at most 6 deep')
  expect(() => moveGroup({ id: 'level-2', parentId: 'level-5' }, deps)).toThrow(
    '"Level 5" is under "Level 2", so "Level 2" cannot be moved there.',
  )
  expect(() => moveGroup({ id: 'level-2', parentId: 'level-2' }, deps)).toThrow('cannot be moved there')
  // Two levels under one at the top fit; under one of five they do not.
  const pair = group('Pair')
  group('Child', pair)
  expect(() => moveGroup({ id: pair, parentId: 'level-5' }, deps)).toThrow('at most 6 deep')
  expect(moveGroup({ id: pair, parentId: 'level-4' }, deps).parentId).toBe('level-4')
  expect(() => moveGroup({ id: 'tenant', parentId: pair }, deps)).toThrow('The tenant cannot be moved')
  expect(() => deleteGroup({ id: 'tenant' }, deps)).toThrow('The tenant cannot be deleted')
  expect(renameGroup({ id: 'tenant', name: 'Contoso' }, deps).name).toBe('Contoso')
  expect(() => moveGroup({ id: pair, parentId: 'gone' }, deps)).toThrow('There is no management group gone.')
  expect(() => createSubscription({ name: 'S', managementGroupId: 'gone' }, deps)).toThrow(
    'There is no management',
  )
})

test('only what is empty is deleted, and it says what is in it', () => {
  const plants = group('Plants')
  group('North', plants)
  group('South', plants)
  subscription('Line', plants)
  expect(() => deleteGroup({ id: plants }, deps)).toThrow(
    '"Plants" cannot be deleted: it holds 2 management groups and 1 subscription.',
  )
  madeOccurrence(db, { subscription: 'line', registry: 'r', digest: madeDigest(1) })
  db.$client.exec(`insert into disable_rule (number, scope_kind, scope_id, name, criteria, justification, saved_by, saved_at)
    values (1, 'subscription', 'line', 'Rule', '{}', '', 'Ada', '')`)
  expect(() => deleteSubscription({ id: 'line' }, deps)).toThrow('it holds 1 registry and 1 disable rule.')
  expect(getSubscription(db, 'line').registries).toBe(1)
  deleteGroup({ id: 'north' }, deps)
  expect(scopeTree(db).groups.map(one => one.id)).toEqual(['tenant', 'plants', 'south'])
})

test('an expired rule goes with its scope: what gets the same id later has nothing to do with it', async () => {
  const plants = group('Plants')
  const line = subscription('Line', plants)
  const insert = db.$client.prepare(`insert into disable_rule
      (number, scope_kind, scope_id, name, criteria, justification, saved_by, saved_at, expires_at, ended_at, "end")
    values (?, ?, ?, 'Rule', '{}', '', 'Ada', '', '2026-01-01', '2026-01-01', 'expired')`)
  insert.run(1, 'subscription', line)
  insert.run(2, 'management-group', plants)
  const ends = db.$client.prepare('select "end" from disable_rule order by number').pluck()
  deleteSubscription({ id: line }, deps)
  expect(ends.all()).toEqual(['deleted', 'expired'])
  deleteGroup({ id: plants }, deps)
  expect(ends.all()).toEqual(['deleted', 'deleted'])
  await vi.waitFor(() => expect(heard).toContainEqual({ type: 'changed', what: 'rules' }))
  expect(readSetting(db, 'rulesToPlace')).toBe(false)
})

test('an id that stands on the bill is not used again', () => {
  expect(subscription('Line')).toBe('line')
  deleteSubscription({ id: 'line' }, deps)
  expect(subscription('Line')).toBe('line')
  db.$client.exec(`insert into charge (subscription_id, subscription_name, digest, registry_id, registry_name, repository, charged_at)
    values ('line', 'Line', 'd', 'r', 'R', 'team', '2026-11-01T00:00:00.000Z')`)
  deleteSubscription({ id: 'line' }, deps)
  expect(scopeTree(db).subscriptions).toEqual([])
  expect(subscription('Line')).toBe('line-2')
  expect(() => deleteSubscription({ id: 'line' }, deps)).toThrow('There is no subscription line.')
})
