import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DpkgPackage, dpkgQuery } from './debian-image.ts'
import { debianUpgradeLayout, inRootfs } from './debian-upgrade.ts'
import { addLayer, madeOnce, run } from './umoci.ts'

/** What is done in each layer on top of Debian with its upgrade; null for one that leaves the packages alone. */
const steps: readonly (string | null)[] = [
  'apt-get install -y -qq --no-install-recommends jq',
  null,
  'apt-get purge -y -qq --autoremove jq',
  'apt-get install -y -qq --no-install-recommends jq && apt-get install -y -qq --reinstall rsync',
]

/** A real image in whose layers apt has installed, upgraded, removed and installed again. */
export interface DebianLayers {
  /** OCI layout folder; the image is tagged `last`. */
  readonly layout: string
  readonly tag: 'last'
  /** What dpkg says is installed when this layer lies on the ones below, bottom first. */
  readonly states: readonly (readonly DpkgPackage[])[]
}

/** Debian 12, with the fixes of its security suite in a second layer, and on it a layer for each of the steps. */
export async function debianLayers(): Promise<DebianLayers> {
  const below = await debianUpgradeLayout()
  const folder = await madeOnce('debian-layers', [below.split('/').at(-1), steps, 1], async work => {
    const layout = join(work, 'layout')
    await cp(below, layout, { recursive: true })
    const tags = ['v1', 'v2']
    for (const [index, step] of steps.entries()) {
      const tag = index === steps.length - 1 ? 'last' : `v${index + 3}`
      await addLayer(layout, tags.at(-1) as string, tag, rootfs =>
        step === null ? writeFile(join(rootfs, 'srv/app'), 'x') : inRootfs(rootfs, step),
      )
      tags.push(tag)
    }
    const states = []
    for (const tag of tags) states.push(await stateOf(work, layout, tag))
    await writeFile(join(work, 'states.json'), JSON.stringify(states))
  })
  const states = JSON.parse(await readFile(join(folder, 'states.json'), 'utf8')) as DpkgPackage[][]
  return { layout: join(folder, 'layout'), tag: 'last', states }
}

/** What dpkg says of the image as umoci unpacks it. */
async function stateOf(work: string, layout: string, tag: string): Promise<DpkgPackage[]> {
  const bundle = await mkdtemp(join(work, 'bundle-'))
  try {
    await run('umoci', ['unpack', '--image', `${layout}:${tag}`, bundle])
    return await dpkgQuery(join(bundle, 'rootfs'))
  } finally {
    await rm(bundle, { recursive: true })
  }
}
