import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tarReader } from '../formats/tar-reader.ts'
import { type RootfsOptions, rootfsSource } from './rootfs.ts'
import { isKernelMade } from './rootfs-walk.ts'
import { SourceError } from './source-error.ts'

const { signal } = new AbortController()
const wants = (path: string) => path.endsWith('wanted') || path === 'etc/os-release'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-rootfs-'))
})
// Unlike Node's, this one reaches what is deeper than a path can be long.
afterEach(() => void execFileSync('rm', ['-rf', directory]))

const source = (options: Partial<RootfsOptions> = {}) => rootfsSource({ directory, wants, ...options })

async function reasons(options: Partial<RootfsOptions> = {}) {
  const { images } = await source(options).resolve([], signal)
  return images[0]?.reasons
}

/** What a reader of tars sees: `kind path -> target or content`. */
async function members(alsoWanted: readonly string[] = []): Promise<string[]> {
  const opened = source()
  const { images } = await opened.resolve([], signal)
  const [image] = images
  if (image === undefined) throw new Error('There is no image.')
  const seen: string[] = []
  const reader = tarReader(({ kind, path, linkPath }) => {
    if (kind !== 'file') seen.push(`${kind} ${path}${linkPath === '' ? '' : ` -> ${linkPath}`}`)
    else return content => void seen.push(`file ${path} = ${Buffer.from(content).toString()}`)
    return null
  })
  for await (const chunk of opened.openLayer(image, 0, signal, { alsoWanted })) reader.write(chunk)
  reader.end()
  return seen
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(join(directory, path, '..'), { recursive: true })
  await writeFile(join(directory, path), content)
}

describe('a root file system', () => {
  it('is an image without digest, platform or layers', async () => {
    const { images, notApplicable, indexDigest } = await source().resolve([], signal)
    expect(images).toEqual([
      {
        digest: null,
        mediaType: null,
        isRootfs: true,
        platform: null,
        layers: [],
        sizeBytes: 0,
        createdAt: null,
        reasons: [],
      },
    ])
    expect({ notApplicable, indexDigest }).toEqual({ notApplicable: [], indexDigest: null })
    const asked = await source().resolve([{ os: 'linux', architecture: 'amd64' }], signal)
    expect(asked).toMatchObject({ images: [], unwanted: [{ platform: null }] })
    expect(source().reference).toBe(`rootfs:${directory}`)
  })

  it('comes as a tar of its folders, links and wanted files', async () => {
    await write('etc/os-release', 'ID=debian\n')
    await write('usr/lib/wanted', 'x'.repeat(2_000))
    await write('usr/lib/other', 'not this one')
    await symlink('usr/lib', join(directory, 'lib'))
    await symlink('/etc/passwd', join(directory, 'etc/wanted'))
    expect(await members()).toEqual([
      'directory etc/',
      'symlink lib -> usr/lib',
      'directory usr/',
      'file etc/os-release = ID=debian\n',
      'symlink etc/wanted -> /etc/passwd',
      'directory usr/lib/',
      `file usr/lib/wanted = ${'x'.repeat(2_000)}`,
    ])
    expect(await members(['usr/lib/other'])).toContain('file usr/lib/other = not this one')
  })

  it('may be given as a link, and is never left through one', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'plimsoll-outside-'))
    try {
      await writeFile(join(outside, 'wanted'), 'secret')
      await symlink(outside, join(directory, 'away'))
      await symlink('.', join(directory, 'loop'))
      expect(await members()).toEqual([`symlink away -> ${outside}`, 'symlink loop -> .'])
      await symlink(directory, join(outside, 'link'))
      const { images } = await source({ directory: join(outside, 'link') }).resolve([], signal)
      expect(images).toHaveLength(1)
    } finally {
      await rm(outside, { recursive: true, force: true })
    }
  })

  it('never waits on a pipe', async () => {
    execFileSync('mkfifo', [join(directory, 'wanted')])
    expect(await members()).toEqual([])
  })

  it('keeps long names, names that are not UTF-8, and large files', async () => {
    const long = `${'a'.repeat(150)}/${'b'.repeat(120)}/wanted`
    await write(long, 'deep')
    await symlink('c'.repeat(300), join(directory, 'far'))
    await write('large-wanted', 'y'.repeat(1_000_003))
    const bytes = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xe9]), Buffer.from('-wanted')])
    await writeFile(bytes, 'latin')
    const seen = await members()
    expect(seen).toContain(`file ${long} = deep`)
    expect(seen).toContain(`symlink far -> ${'c'.repeat(300)}`)
    expect(seen).toContain(`file large-wanted = ${'y'.repeat(1_000_003)}`)
    expect(seen).toContain('file \u00e9-wanted = latin')
  })

  it('takes extra paths as bytes too', async () => {
    await write('\u00fcber', 'there')
    expect(await members([Buffer.from('\u00fcber').toString('latin1')])).toEqual([
      `file ${Buffer.from('\u00fcber').toString('latin1')} = there`,
    ])
  })
})

describe('what cannot be read is said', () => {
  it('when there are too many entries', async () => {
    for (const name of ['a', 'b', 'c']) await write(name, '')
    expect(await reasons({ maxEntries: 3 })).toEqual([])
    expect(await reasons({ maxEntries: 2 })).toEqual([
      {
        code: 'limit-entries',
        message: 'The root file system has more than 2 entries; the rest was not looked at.',
      },
    ])
  })

  it('when it is deeper than a path can be long', async () => {
    await write('etc/os-release', 'ID=debian')
    const name = 'deep'.repeat(50)
    // Step by step, since the whole path is longer than the system takes at once.
    const dig = `const fs = require('fs'); for (let depth = 0; depth < 25; depth++) {
      fs.mkdirSync('${name}'); process.chdir('${name}'); fs.writeFileSync('${name}wanted', '') }`
    execFileSync(process.execPath, ['-e', dig], { cwd: directory })
    const found = await reasons()
    expect(found).toMatchObject([
      { code: 'database-unreadable', message: expect.stringContaining('ENAMETOOLONG') },
    ])
    expect(found?.[0]?.message.length).toBeLessThan(800)
    // The rest is there.
    expect(await members()).toContain('file etc/os-release = ID=debian')
  })

  it.each([
    ['is not there', () => rm(directory, { recursive: true })],
    [
      'is a file',
      async () => {
        await rm(directory, { recursive: true })
        await writeFile(directory, '')
      },
    ],
  ])('when the folder %s', async (_, prepare) => {
    await prepare()
    const failure = await source()
      .resolve([], signal)
      .then(
        () => null,
        (error: unknown) => error,
      )
    expect(failure).toBeInstanceOf(SourceError)
    expect(failure).toMatchObject({ code: 'source-unreadable' })
  })

  it('when it is cancelled', async () => {
    await write('a', '')
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect(source().resolve([], aborted)).rejects.toMatchObject({ code: 'cancelled' })
  })
})

it('knows the file systems that the kernel makes up', async () => {
  expect(await isKernelMade('/proc')).toBe(process.platform === 'linux')
  expect(await isKernelMade(directory)).toBe(false)
})
