import { healthStates } from '@plimsoll/types'
import { expect } from 'vitest'
import { type Asked, keyOf, nameOf } from './asked.ts'
import { byText, findingCounts } from './recount.ts'
import { isSecurity, type SeenImage } from './seen.ts'
import { contentOf } from './world.ts'

export async function agreesOnImages({ api, scope, count, pick }: Asked): Promise<void> {
  const there = count.images.filter(({ image }) => image.deletedAt === null).toSorted(newestFirst)
  const { repository: at, subscription } = pick(there) ?? {}
  const [place, held] = pick<readonly [object, readonly SeenImage[]]>([
    [{}, there.filter(({ plan }) => plan === 'on')],
    [{ subscriptionId: subscription ?? 's1' }, there.filter(one => one.subscription === (subscription ?? 's1'))],
    [{ registryId: at?.registry ?? 'r1' }, there.filter(one => one.repository.registry === (at?.registry ?? 'r1'))],
    [{ registryId: at?.registry ?? 'r1', repository: at?.name ?? 'lib' }, there.filter(one => one.repository === at)],
  ]) ?? [{}, []]
  const current = held.filter(({ isCurrent }) => isCurrent)
  const superseded = held.filter(({ isCurrent }) => !isCurrent)
  const told = await api.images.list({ scope, ...place })
  expect(told.rows).toMatchObject(current.map(rowOf))
  expect([told.total, told.supersededTotal]).toEqual([current.length, superseded.length])
  expect((await api.images.list({ scope, ...place, superseded: true })).rows).toMatchObject(superseded.map(rowOf))
  const health = pick(healthStates) ?? 'unhealthy'
  const page = await api.images.list({ scope, ...place, health })
  const expected = current.filter(one => one.health === health).map(keyOf)
  expect([page.total, ...page.rows.map(nameOf)]).toEqual([expected.length, ...expected])
}

const newestFirst = (a: SeenImage, b: SeenImage): number =>
  byText(b.image.pushedAt, a.image.pushedAt) || b.image.number - a.image.number

function rowOf(seen: SeenImage) {
  const { image, repository, tags, health, plan } = seen
  const coverage = image.coverage?.status ?? 'not-scanned'
  return {
    registryId: repository.registry,
    repository: repository.name,
    digest: image.digest,
    tags,
    health,
    findings: findingCounts([seen]),
    pushedAt: image.pushedAt,
    lastPulledAt: image.lastPulledAt,
    scannedAt: image.scannedAt,
    supersededAt: image.supersededAt,
    // Of one that counts nowhere it is as of its last match.
    ...(seen.isCurrent ? { coverage } : {}),
    ...(plan === 'off' ? { upkeep: 'plan-off' } : {}),
  }
}

export async function agreesOnImage({ api, count, pick }: Asked): Promise<void> {
  const seen = pick(count.images)
  if (seen === undefined) return
  const { image, findings, base } = seen
  const security = findings.filter(isSecurity)
  const open = security.filter(({ state }) => state === 'open')
  const closed = security.filter(({ state }) => state === 'closed')
  const goneAt = image.deletedAt ?? image.supersededAt
  const isWithIndex = image.deletedBy?.startsWith('sha256:') === true
  const told = await api.images.get(placeOf(seen))
  expect(told).toMatchObject({
    ...rowOf(seen),
    deletedAt: image.deletedAt,
    deletedBy: isWithIndex ? null : image.deletedBy,
    deletedWith: isWithIndex ? image.deletedBy : null,
    closedFindings: closed.length,
    closedWithIt: goneAt === null ? 0 : closed.filter(({ finding }) => finding.closedAt === goneAt).length,
  })
  const brought = (layer: string): number =>
    open.filter(({ finding }) => finding.match.packages.some(one => one.layer === layer)).length
  for (const { diffId, findings: inLayer, ofBase } of told.layers) {
    expect([diffId, inLayer, ofBase]).toEqual([diffId, brought(diffId), base.has(diffId)])
  }
  expect(told.baseImage === null).toBe(base.size === 0)
  if (told.baseImage === null) return
  expect(told.baseImage).toMatchObject({
    layers: base.size,
    findingsFromBase: open.filter(({ finding }) => finding.match.packages.some(({ layer }) => base.has(layer ?? ''))).length,
    findingsTotal: open.length,
  })
}

const placeOf = ({ repository, image }: SeenImage) => ({
  registryId: repository.registry,
  repository: repository.name,
  digest: image.digest,
})

export async function agreesOnPackages({ api, world, count, pick }: Asked): Promise<void> {
  const seen = pick(count.images)
  const content = seen && contentOf(world, seen.image.digest)
  if (seen === undefined || content?.kind !== 'image' || !seen.image.isRead) return
  const open = seen.findings.filter(one => isSecurity(one) && one.state === 'open')
  const expected = content.inventory.packages.map(({ name, version }) => {
    const naming = open.filter(({ finding: { match } }) =>
      [match.sourceName, ...match.packages.map(one => one.name)].includes(name),
    )
    return { name, version, findings: naming.length }
  })
  const { rows, total } = await api.images.packages(placeOf(seen))
  const told = rows.map(({ name, version, findings }) => ({ name, version, findings }))
  expect(told.toSorted((a, b) => byText(a.name, b.name))).toEqual(expected.toSorted((a, b) => byText(a.name, b.name)))
  expect(total).toBe(expected.length)
}
