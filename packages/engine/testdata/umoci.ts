import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs a program and gives its standard output; a missing one is named together with the remedy. */
export async function run(program: string, args: readonly string[], options: { cwd?: string } = {}): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], { maxBuffer: 64 << 20, ...options })
    return stdout
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new Error(`${program} is not installed: npm test installs it on Debian`, { cause })
  }
}

/** Debian's archive; another mirror through the environment, for places that must not reach this one. */
const mirror = process.env['PLIMSOLL_TEST_DEBIAN_MIRROR'] ?? 'http://deb.debian.org'
/** The suites as lines of sources.list. Main alone has known vulnerabilities, security has their fixes. */
export const mainSuite = `deb ${mirror}/debian bookworm main`
export const securitySuite = `deb ${mirror}/debian-security bookworm-security main`

/** Where images made by the tests are kept between runs, until their recipe changes. */
const cache = new URL('../../../node_modules/.cache/plimsoll-images/', import.meta.url).pathname

/**
 * Makes something once: `make` fills an empty folder, which is then kept under the recipe's name. A run that is
 * cut short leaves nothing behind, because the folder gets its name last.
 */
export async function madeOnce(name: string, recipe: unknown, make: (folder: string) => Promise<void>): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)
  const folder = join(cache, `${name}-${hash}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, '.making-'))
  try {
    await make(work)
    await rename(work, folder)
  } catch (error) {
    await rm(work, { recursive: true, force: true })
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
  return folder
}

/** An OCI layout with one image without layers, tagged `empty`. */
export async function newLayout(layout: string): Promise<void> {
  await run('umoci', ['init', '--layout', layout])
  await run('umoci', ['new', '--image', `${layout}:empty`])
}

/** Unpacks the image `from`, changes its root file system, and packs the difference as one more layer, tagged `to`. */
export async function addLayer(
  layout: string,
  from: string,
  to: string,
  change: (rootfs: string) => Promise<unknown>,
): Promise<void> {
  const bundle = await mkdtemp(join(cache, '.bundle-'))
  try {
    await run('umoci', ['unpack', '--image', `${layout}:${from}`, bundle])
    await change(join(bundle, 'rootfs'))
    await run('umoci', ['repack', '--image', `${layout}:${to}`, bundle])
  } finally {
    await rm(bundle, { recursive: true, force: true })
  }
}
