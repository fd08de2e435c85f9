import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { ImageReport } from '@plimsoll/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advisoryIndex } from './advisories/advisory-index.ts'
import { type TarEntry, tarArchive } from './formats/tar-writer.ts'
import { sha256 } from './registry/blob.ts'
import { json, madeConfig, writeArchive } from './registry/testdata/written-archive.ts'
import { openSource, scan } from './scan.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-scan-archive-'))
  file = join(folder, 'app.tar')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const paragraph = (name: string): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n`
const layers = [
  tarArchive([{ path: 'etc/os-release', content: 'ID=debian\nVERSION_ID=12\n' }]),
  tarArchive([{ path: 'var/lib/dpkg/status', content: paragraph('a') }]),
  tarArchive([{ path: 'var/lib/dpkg/status.d/b', content: paragraph('b') }]),
]
const diffIds = layers.map(layer => `sha256:${sha256(layer)}`)

/** An archive of docker save with these layers, as they are to be stored. */
async function save(stored: readonly Uint8Array[], promised: readonly string[]): Promise<void> {
  const paths = stored.map((_, index) => `layer-${index}`)
  const entries = paths.map((path, index): TarEntry => ({ path, content: stored[index] ?? '' }))
  const manifest = json('manifest.json', [{ Config: 'config.json', RepoTags: null, Layers: paths }])
  await writeArchive(file, [{ path: 'config.json', content: madeConfig(promised) }, ...entries, manifest])
}

async function scanned(): Promise<ImageReport> {
  const { signal } = new AbortController()
  const source = openSource(`docker-archive:${file}`)
  const [image] = (await source.resolve([], signal)).images
  if (image === undefined) throw new Error('There is no image.')
  const steps = scan({ source, image, advisories: advisoryIndex([]), today: '2026-01-01', signal })
  for (;;) {
    const { done, value } = await steps.next()
    if (done) return value
  }
}

describe('an archive of docker save', () => {
  it('gives the packages of all its layers, each with its own, compressed or not', async () => {
    await save(
      [layers[0], gzipSync(layers[1] ?? ''), layers[2]].map(layer => layer ?? Buffer.alloc(0)),
      diffIds,
    )
    const { packages, distro, digest } = await scanned()
    expect(packages.map(({ name, layer }) => [name, layer])).toEqual([
      ['a', diffIds[1]],
      ['b', diffIds[2]],
    ])
    expect({ id: distro?.id, digest }).toEqual({ id: 'debian', digest: null })
  })

  it('without layers is not applicable', async () => {
    await save([], [])
    expect((await scanned()).coverage).toMatchObject({
      status: 'not-applicable',
      reasons: [{ code: 'nothing-to-read' }],
    })
  })

  it('pitfall 52: whose layers are not what the configuration promises is not used', async () => {
    const wrong = [diffIds[0], diffIds[2], diffIds[1]].map(diffId => diffId ?? '')
    await save(layers, wrong)
    await expect(scanned()).rejects.toMatchObject({ code: 'digest-mismatch' })
    await save(
      layers.map(layer => gzipSync(layer)),
      wrong,
    )
    await expect(scanned()).rejects.toMatchObject({
      code: 'layer-corrupt',
      message: expect.stringContaining('Layer 2 of 3'),
    })
  })
})
