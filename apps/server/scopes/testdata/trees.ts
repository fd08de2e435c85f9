import type { Scope } from '@plimsoll/types'
import fc from 'fast-check'
import type { Db } from '../../db/open.ts'
import { recordFindings } from '../../findings/record.ts'
import { enqueue } from '../../jobs/queue.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../../testdata/fleet.ts'

const at = '2024-02-01T00:00:00.000Z'

/** A tree: of each group and subscription the group that it is in, of each registry its subscription. */
export interface Tree {
  /** A group is in an earlier one; -1: in the tenant. */
  readonly groups: readonly number[]
  readonly subscriptions: readonly { readonly group: number; readonly on: boolean }[]
  /** Of each registry its subscription, and how many findings each of its images has. */
  readonly registries: readonly { readonly subscription: number; readonly images: readonly number[] }[]
}

const below = (count: number) => fc.integer({ min: 0, max: count - 1 })
export const trees: fc.Arbitrary<Tree> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([groups, subscriptions]) =>
    fc.record({
      groups: fc.tuple(
        ...Array.from({ length: groups }, (_, index) => fc.integer({ min: -1, max: index - 1 })),
      ),
      subscriptions: fc.array(
        fc.record({ group: fc.integer({ min: -1, max: groups - 1 }), on: fc.boolean() }),
        { minLength: subscriptions, maxLength: subscriptions },
      ),
      registries: fc.array(
        fc.record({
          subscription: below(subscriptions),
          images: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
        }),
        { maxLength: 6 },
      ),
    }),
  )

/** What is chosen, by numbers that are taken modulo how many there are. */
export const choices = fc.record({
  kind: fc.constantFrom<Scope['kind']>('management-group', 'subscription', 'registry'),
  numbers: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
})

export const groupId = (index: number): string => (index < 0 ? 'tenant' : `g${index}`)

/** Stores it, with what each list has of an image: findings, a scan, a charge, an import. */
export function plant(db: Db, tree: Tree): void {
  const run = (statement: string, ...values: readonly unknown[]) =>
    db.$client.prepare(statement).run(...values)
  tree.groups.forEach((parent, index) => {
    run(
      'insert into management_group (id, name, parent_id, created_at) values (?, ?, ?, ?)',
      groupId(index),
      groupId(index),
      groupId(parent),
      at,
    )
  })
  let digest = 0
  tree.registries.forEach(({ subscription, images }, index) => {
    for (const [number, findings] of images.entries()) {
      digest += 1
      const registry = `r${index}`
      const id = madeOccurrence(db, {
        subscription: `s${subscription}`,
        registry,
        digest: madeDigest(digest),
      })
      const matches = ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003']
        .slice(0, findings)
        .map(vulnerabilityId => madeMatch({ vulnerabilityId }))
      recordFindings(db, id, matches, [], at)
      const { repositoryId } = db.$client
        .prepare('select repository_id repositoryId from occurrence where id = ?')
        .get(id) as { repositoryId: number }
      enqueue(
        db,
        { repositoryId, digest: madeDigest(digest), trigger: 'push', lane: number % 2 === 0 ? 0 : 1, requestedBy: null },
        at,
      )
      run(
        `insert into charge (subscription_id, subscription_name, digest, registry_id, registry_name, repository, charged_at)
         values (?, ?, ?, ?, ?, 'team/api', ?)`,
        `s${subscription}`,
        `s${subscription}`,
        madeDigest(digest),
        registry,
        registry,
        at,
      )
      run(
        `insert into image_import (source, registry_id, repository, state, requested_by, queued_at)
         values ('docker.io/library/debian:12', ?, 'team/api', 'done', 'Ada', ?)`,
        registry,
        at,
      )
    }
  })
  tree.subscriptions.forEach(({ group, on }, index) => {
    run(
      'update subscription set management_group_id = ?, plan = ? where id = ?',
      groupId(group),
      on ? 'on' : 'off',
      `s${index}`,
    )
  })
}

