import { expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { madeDigest, madeOccurrence } from '../testdata/fleet.ts'
import { queryPlans } from '../testdata/query-plans.ts'
import { mountable } from './mountable.ts'

/** With one layer, whose digest has the image's number. */
function image(db: Db, registry: string, repository: string, number: number): void {
  const id = madeOccurrence(db, { registry, repository, digest: madeDigest(number) })
  const { lastInsertRowid } = db.$client
    .prepare('insert into image (digest, layers) values (?, ?)')
    .run(madeDigest(number), JSON.stringify([{ digest: madeDigest(number) }]))
  db.$client.prepare('update occurrence set image_id = ? where id = ?').run(lastInsertRowid, id)
}

test('a layer is mounted from another repository of the registry, as long as an image is there', () => {
  const db = openInMemory()
  image(db, 'reg', 'own', 1)
  image(db, 'reg', 'beside', 2)
  image(db, 'reg', 'gone', 3)
  image(db, 'other', 'beside', 4)
  db.$client.exec(`update occurrence set deleted_at = 'x' where digest = '${madeDigest(3)}'`)
  const from = mountable(db, { registryId: 'reg', repository: 'own' })
  expect([1, 2, 3, 4].map(number => from(madeDigest(number)))).toEqual([null, 'beside', null, null])
})

test('the newest are chosen from one index', async () => {
  const db = openInMemory()
  const plans = await queryPlans(db, () => mountable(db, { registryId: 'reg', repository: 'own' }))
  expect(plans.filter(step => / o /.test(step))).toEqual([
    'SEARCH o USING COVERING INDEX occurrence_digest (repository_id=?)',
    'SEARCH o USING INTEGER PRIMARY KEY (rowid=?)',
  ])
})
