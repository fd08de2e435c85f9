import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { listFindings } from '../findings/list.ts'
import { recordFindings } from '../findings/record.ts'
import { scopeTree } from '../scopes/tree.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { getImage, listImages } from './images.ts'
import { getOverview } from './overview.ts'
import { getRecommendation } from './recommendation.ts'
import { getRegistry } from './registries.ts'
import { getRepository } from './repositories.ts'
import { listSecurityChecks } from './security-checks.ts'

test('with the plan off images count nowhere, and are shown in their place with their last result', () => {
  const db = openInMemory()
  const at = '2024-03-01T00:00:00.000Z'
  const shared = madeMatch({ vulnerabilityId: 'CVE-2024-0001' })
  const own = madeMatch({ vulnerabilityId: 'CVE-2024-0002' })
  const [on, off] = [
    { subscription: 'on', registry: 'r-on', digest: madeDigest(1) },
    { subscription: 'off', registry: 'r-off', digest: madeDigest(2) },
  ]
  recordFindings(db, madeOccurrence(db, on), [shared], [], at)
  recordFindings(db, madeOccurrence(db, off), [shared, own], [], at)
  db.$client.exec(`update subscription set plan = 'off' where id = 'off'`)

  const recommendation = getRecommendation(db)
  expect(recommendation).toMatchObject({
    totalFindings: 1,
    vulnerableImages: 1,
    unhealthyRegistries: 1,
    notApplicableRegistries: 1,
    registriesWithMost: [{ registryId: 'r-on', findings: 1 }],
  })
  const overview = getOverview(db)
  expect([overview.images.unhealthy, overview.topImages.length, overview.topChecks.length]).toEqual([1, 1, 1])
  const checks = listSecurityChecks(db, { tab: 'findings', sort: 'id', page: 1, size: 50 })
  expect(checks).toMatchObject({ total: 1, rows: [{ appliesToImages: 1, scannedImages: 1 }] })

  // Lists agree with the counts that lead to them.
  const findings = (filter: object) =>
    listFindings(db, { filter: { status: 'open', ...filter }, sort: '-severity', page: 1, size: 50 })
  const images = (filter: object) => listImages(db, { superseded: false, page: 1, size: 50, ...filter })
  for (const filter of [{}, { cve: 'CVE-2024-0001' }, { q: 'cve-2024' }]) {
    const { rows, total } = findings(filter)
    expect([rows.map(row => row.registryId), total]).toEqual([['r-on'], 1])
  }
  expect(images({ health: 'unhealthy' })).toMatchObject({ total: 1, rows: [{ registryId: 'r-on' }] })

  expect(findings({ registryId: 'r-off' }).total).toBe(2)
  expect(findings({ subscriptionId: 'off', cve: 'CVE-2024-0002' }).total).toBe(1)
  expect(images({ registryId: 'r-off' }).total).toBe(1)
  expect(images({ subscriptionId: 'off' })).toMatchObject({ total: 1, rows: [{ registryId: 'r-off' }] })
  expect(images({ subscriptionId: 'on', registryId: 'r-off' }).total).toBe(0)
  for (const { id, images: counted } of scopeTree(db).subscriptions) {
    expect(images({ subscriptionId: id }).total, id).toBe(counted)
  }
  const notApplicable = { health: 'not-applicable', healthReason: 'The plan of its subscription is off.' }
  expect(getRegistry(db, 'r-off')).toMatchObject({ plan: 'off', ...notApplicable, images: { unhealthy: 1 } })
  expect(getRepository(db, 'r-off', 'team/api')).toMatchObject(notApplicable)
  expect(getImage(db, { registryId: 'r-off', repository: 'team/api', digest: off.digest })).toMatchObject({
    health: 'unhealthy',
    upkeep: 'plan-off',
    healthReason: 'The plan of its subscription is off. This is its last result.',
  })
})
