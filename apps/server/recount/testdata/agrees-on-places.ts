import { expect } from 'vitest'
import { type Asked, latest } from './asked.ts'
import { byText, findingCounts, healthOfResource, imageCounts, total } from './recount.ts'

export async function agreesOnRegistries({ api, scope, count }: Asked): Promise<void> {
  const expected = count.registries.map(({ id, subscription, plan, health, images, findings, current }) => ({
    id,
    subscription: { id: subscription },
    plan,
    health,
    images,
    findings,
    repositories: new Set(current.map(({ repository }) => repository.name)).size,
    lastPushedAt: latest(current.map(({ image }) => image.pushedAt)),
    lastScannedAt: latest(current.map(({ image }) => image.scannedAt)),
  }))
  expect(await api.registries.list({ scope })).toMatchObject(expected)
}

export async function agreesOnRepositories({ api, world, count, pick }: Asked): Promise<void> {
  const registry = pick(count.registries)
  if (registry === undefined) return
  const { id, plan } = registry
  const own = [...world.repositories.values()].filter(one => one.registry === id)
  const expected = own
    .toSorted((a, b) => byText(a.name, b.name))
    .map(repository => {
      const all = count.images.filter(seen => seen.repository === repository)
      const current = all.filter(({ isCurrent }) => isCurrent)
      const isEmptied = current.length === 0 && all.length > 0
      const times = isEmptied ? all : current
      return {
        registryId: id,
        name: repository.name,
        plan,
        health: plan === 'off' || isEmptied ? 'not-applicable' : healthOfResource(imageCounts(current)),
        images: imageCounts(current),
        findings: findingCounts(current),
        lastPushedAt: latest(times.map(({ image }) => image.pushedAt)),
        lastScannedAt: latest(times.map(({ image }) => image.scannedAt)),
      }
    })
  expect(await api.repositories.list({ registryId: id })).toMatchObject(
    expected.filter(({ images }) => total(images) > 0),
  )
  for (const one of expected) {
    expect(await api.repositories.get({ registryId: id, name: one.name })).toMatchObject(one)
  }
}

export async function agreesOnTree({ api, world, count }: Asked): Promise<void> {
  const { subscriptions, groups, registries } = await api.scopes.tree()
  // The tree is of everything.
  if (registries.length !== count.registries.length) return
  const expected = [...world.subscriptions].map(([id, { group, plan }]) => {
    const own = count.registries.filter(({ subscription }) => subscription === id)
    return {
      id,
      managementGroupId: group,
      plan,
      registries: own.length,
      images: own.flatMap(({ current }) => current).length,
      chargedImages: [...world.charged].filter(key => key.startsWith(`${id} `)).length,
    }
  })
  expect(subscriptions).toMatchObject(expected.toSorted((a, b) => byText(a.id, b.id)))
  for (const { id, subscriptions: under } of groups) {
    const isUnder = (group: string | undefined): boolean => group === id || (group !== undefined && isUnder(world.groups.get(group)))
    expect([id, under]).toEqual([id, expected.filter(({ managementGroupId }) => isUnder(managementGroupId)).length])
  }
}
