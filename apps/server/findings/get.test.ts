import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { getFinding } from './get.ts'
import { recordFindings } from './record.ts'

test('affected are images of connected registries whose plan is on, and the one asked for in any case', () => {
  const db = openInMemory()
  const at = '2024-03-01T00:00:00.000Z'
  const places = ['on', 'beside', 'off', 'gone']
  const ids = places.map((registry, number) => {
    const place = { subscription: `sub-${registry}`, registry, digest: madeDigest(number) }
    recordFindings(db, madeOccurrence(db, place), [madeMatch()], [], at)
    return String(db.$client.prepare('select max(id) from finding').pluck().get())
  })
  const [on = '', , off = '', gone = ''] = ids
  const affected = (id: string) => {
    const { affectedImages, affectedImagesTotal } = getFinding(db, id)
    return [affectedImagesTotal, ...affectedImages.map(({ registryId }) => registryId)]
  }
  expect(affected(on)).toEqual([4, 'on', 'gone', 'off', 'beside'])

  db.$client.exec(`update subscription set plan = 'off' where id = 'sub-off'`)
  db.$client.exec(`update registry set removed_at = '${at}' where id = 'gone'`)
  expect(affected(on)).toEqual([2, 'on', 'beside'])
  expect(affected(off)).toEqual([3, 'off', 'beside', 'on'])
  expect(() => getFinding(db, gone)).toThrow(`There is no finding ${gone}.`)
})
