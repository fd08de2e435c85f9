import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DpkgPackage, dpkgQuery } from './debian-image.ts'
import { installWithDpkg, purgeWithDpkg } from './dpkg-database.ts'
import { addLayer, madeOnce, newLayout } from './umoci.ts'

const osRelease = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
const base = Array.from({ length: 40 }, (_, at) => `base-${at}`)

type Step = (root: string) => Promise<void>

const install =
  (version: string, ...names: string[]): Step =>
  root =>
    installWithDpkg(
      root,
      names.map(name => ({ name, version, sourceName: name, sourceVersion: version, module: null })),
    )

/** What is done in each layer, bottom first. */
const steps: readonly Step[] = [
  async root => {
    await mkdir(join(root, 'etc'), { recursive: true })
    await writeFile(join(root, 'etc/os-release'), osRelease)
    await install('1.0-1', ...base, 'rsync')(root)
  },
  install('1.0-2', 'rsync'),
  install('1.6-1', 'jq'),
  // Leaves the packages alone.
  async root => {
    await mkdir(join(root, 'srv'))
    await writeFile(join(root, 'srv/app'), 'x')
  },
  root => purgeWithDpkg(root, 'jq'),
  async root => {
    await install('1.6-1', 'jq')(root)
    // Once more what is there already: it does not come of this layer.
    await install('1.0-2', 'rsync')(root)
  },
]

/** An image in whose layers dpkg has installed, upgraded, removed and installed again. */
export interface DebianLayers {
  /** OCI layout folder; the image is tagged `last`. */
  readonly layout: string
  readonly tag: 'last'
  /** What dpkg says is installed when this layer lies on the ones below, bottom first. */
  readonly states: readonly (readonly DpkgPackage[])[]
}

/** A layer for each of the steps, and what dpkg says after each. */
export async function debianLayers(): Promise<DebianLayers> {
  const recipe = [osRelease, base, steps.map(String), 2]
  const folder = await madeOnce('debian-layers', recipe, async work => {
    const layout = join(work, 'layout')
    await newLayout(layout)
    const states: DpkgPackage[][] = []
    for (const [index, step] of steps.entries()) {
      const [from, to] = [`v${index}`, index === steps.length - 1 ? 'last' : `v${index + 1}`]
      await addLayer(layout, index === 0 ? 'empty' : from, to, async root => {
        await step(root)
        states.push(await stateOf(root, join(work, 'copy')))
      })
    }
    await writeFile(join(work, 'states.json'), JSON.stringify(states))
  })
  const states = JSON.parse(await readFile(join(folder, 'states.json'), 'utf8')) as DpkgPackage[][]
  return { layout: join(folder, 'layout'), tag: 'last', states }
}

/** Asked of a copy, for a tool that reads may write beside its database. */
async function stateOf(root: string, copy: string): Promise<DpkgPackage[]> {
  await cp(join(root, 'var/lib/dpkg'), join(copy, 'var/lib/dpkg'), { recursive: true })
  try {
    return await dpkgQuery(copy)
  } finally {
    await rm(copy, { recursive: true })
  }
}
