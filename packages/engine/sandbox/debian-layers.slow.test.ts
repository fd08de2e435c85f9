import { expect, test } from 'vitest'
import { ecosystems } from '../ecosystems/index.ts'
import { wantsFile } from '../inventory/databases.ts'
import { defaultLimits } from '../layers/limits.ts'
import { openSource } from '../registry/index.ts'
import { debianLayers } from '../testdata/debian-layers.ts'
import { readInventory } from './read-inventory.ts'

const never = new AbortController().signal

test('pitfall 54: each package is of the layer in which dpkg installed it, as dpkg tells of each layer', async () => {
  const { layout, tag, states } = await debianLayers()
  const source = openSource(`oci:${layout}:${tag}`, { wants: wantsFile(ecosystems) })
  const { images } = await source.resolve([], never)
  const [image] = images
  if (image === undefined) throw new Error('the layout has no image')
  const { packages, coverage } = await readInventory({
    image,
    openLayer: source.openLayer.bind(source, image),
    limits: defaultLimits,
    signal: never,
  })

  const identities = states.map(
    state => new Set(state.map(({ name, version, arch }) => `${name} ${version} ${arch}`)),
  )
  const expected = new Map<string, number>()
  for (const one of identities.at(-1) ?? []) {
    let layer = identities.length - 1
    while (layer > 0 && identities[layer - 1]?.has(one)) layer -= 1
    expected.set(one, layer)
  }
  const diffIds = image.layers.map(({ diffId }) => diffId)
  const found = new Map(
    packages.map(({ name, version, arch, layer }) => [
      `${name} ${version} ${arch}`,
      diffIds.indexOf(layer as string),
    ]),
  )
  expect(found).toEqual(expected)
  expect(coverage.databases).toEqual([
    {
      ecosystem: 'deb',
      path: 'var/lib/dpkg/status',
      layer: diffIds.at(-1),
      packages: packages.length,
      unreadCopies: 0,
    },
  ])
  // The base, the upgrade, the second time jq was installed; nothing of its first time, nor of the layer that is gone.
  expect([...new Set(found.values())].sort()).toEqual([0, 1, 5])
  expect([...found].filter(([one]) => /^(jq|rsync) /.test(one)).map(([, layer]) => layer)).toEqual([5, 1])
})
