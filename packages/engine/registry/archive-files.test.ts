import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { paxHeader, type TarEntry, tarArchive, tarEnd, tarEntry } from '../formats/tar-writer.ts'
import { archiveFiles } from './archive-files.ts'
import { SourceError } from './source-error.ts'
import { readSmall } from './stored-file.ts'

const { signal } = new AbortController()

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-archive-files-'))
  file = join(folder, 'archive.tar')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The content under a path of an archive; null when there is nothing. */
async function contentOf(archive: Uint8Array, path: string): Promise<string | null> {
  await writeFile(file, archive)
  const stored = await archiveFiles(file).open(path, signal)
  return stored === null ? null : Buffer.from(await readSmall(stored, 1e6, path, signal)).toString()
}

/** Up and down through folders that are not there. To walk it takes minutes. */
const longPath = `${'a/'.repeat(700_000)}${'b/../'.repeat(500_000)}${'../'.repeat(700_000)}x`

const soft = (path: string, linkPath: string): TarEntry => ({ path, kind: 'symlink', linkPath })
const hard = (path: string, linkPath: string): TarEntry => ({ path, kind: 'hardlink', linkPath })

describe('a member of an archive', () => {
  it.each<[string, TarEntry[], string, string | null]>([
    [
      'by another spelling',
      [
        { path: './a//b/', content: '' },
        { path: './a/./b', content: 'x' },
      ],
      'a/b',
      'x',
    ],
    ['in UTF-8', [{ path: 'über', content: 'x' }], 'über', 'x'],
    [
      'with a long name',
      [
        { path: 'd/'.repeat(200), content: 'x' },
        { path: `${'d/'.repeat(200)}a`, content: 'x' },
      ],
      `${'d/'.repeat(200)}a`,
      'x',
    ],
    ['with too long a name', [{ path: 'd/'.repeat(600), content: 'x' }], 'd/'.repeat(600), null],
    ['asked for by a path that is longer than any', [{ path: 'x', content: 'x' }], longPath, null],
    ['that climbs out', [{ path: '../a', content: 'x' }], '../a', null],
    ['that would climb out', [{ path: '../a', content: 'x' }], 'a', null],
    [
      'that a folder took the place of',
      [
        { path: 'a', content: 'x' },
        { path: 'a/', kind: 'directory' },
      ],
      'a',
      null,
    ],
    ['that is a pipe', [{ path: 'a', kind: 'fifo' }], 'a', null],
    ['that is a link beside', [{ path: 'd/a', content: 'x' }, soft('d/b', 'a')], 'd/b', 'x'],
    ['that is a link to a later member', [soft('b', 'a'), { path: 'a', content: 'x' }], 'b', 'x'],
    ['that is a link too far up', [soft('b', '../a'), { path: 'a', content: 'x' }], 'b', null],
    [
      'that is a hard link to an earlier member',
      [{ path: 'a', content: 'x' }, hard('b', 'a'), { path: 'a', content: 'y' }],
      'b',
      'x',
    ],
    ['that is a hard link to a later member', [hard('b', 'a'), { path: 'a', content: 'y' }], 'b', null],
    ['that is a hard link out', [hard('b', '../a'), { path: 'a', content: 'y' }], 'b', null],
    [
      'behind forty links',
      [{ path: '0', content: 'x' }, ...Array.from({ length: 40 }, (_, i) => soft(`${i + 1}`, `${i}`))],
      '40',
      'x',
    ],
    [
      'behind more',
      [{ path: '0', content: 'x' }, ...Array.from({ length: 41 }, (_, i) => soft(`${i + 1}`, `${i}`))],
      '41',
      null,
    ],
  ])('pitfall 46: %s', async (_, entries, path, content) => {
    expect(await contentOf(tarArchive(entries), path)).toBe(content)
  })

  it('that is sparse is refused', async () => {
    const map = [
      ['GNU.sparse.map', '0,1'],
      ['GNU.sparse.size', '5'],
    ] as const
    const archive = Buffer.concat([paxHeader(map), tarEntry({ path: 'a', content: 'x' }), tarEnd()])
    await expect(contentOf(archive, 'a')).rejects.toThrow('holds a as a sparse file')
  })
})

describe('an archive', () => {
  it('of more members than any is refused', async () => {
    const header = tarEntry({ path: 'a' })
    await expect(contentOf(Buffer.alloc(100_001 * header.length, header), 'a')).rejects.toMatchObject({
      code: 'source-unreadable',
      message: `${file} cannot be read as a tar archive: it has more than 100000 members.`,
    })
  })

  it('that is damaged in any way is read, or refused with a reason', async () => {
    const whole = tarArchive([
      { path: 'a', content: 'content' },
      soft('b', 'a'),
      { path: `${'d/'.repeat(100)}c`, content: 'x'.repeat(700) },
    ])
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(whole.length), async (changes, length) => {
        const damaged = Buffer.from(whole)
        for (const [at, value] of changes) damaged[at] = value
        const outcome = await contentOf(damaged.subarray(0, length), 'b').catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(SourceError)
      }),
      { numRuns: 200 },
    )
  })
})
