import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { paxHeader, type TarEntry, tarArchive, tarEnd, tarEntry } from '../formats/tar-writer.ts'
import { CorruptLayer } from './inflate.ts'
import { bytesText, defaultLimits, LimitHit, type Limits } from './limits.ts'
import { type FileNode, type Overlay, overlay } from './overlay.ts'
import { applyLayer, type Budget, newBudget, readAgain } from './read-layer.ts'
import { resolvePath } from './resolve-path.ts'

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

interface Result {
  readonly tree: Overlay
  readonly budget: Budget
  /** How reading ended, or null when it came to the end. */
  readonly error: unknown
}

async function read(
  layers: readonly Uint8Array[],
  { limits = {}, wants = () => true }: { limits?: Partial<Limits>; wants?: (path: string) => boolean } = {},
): Promise<Result> {
  const tree = overlay()
  const budget = newBudget({ ...defaultLimits, ...limits }, new AbortController().signal)
  try {
    for (const [index, bytes] of layers.entries()) {
      await applyLayer(tree, index, { chunks: once(bytes), diffId: null }, wants, budget)
    }
    return { tree, budget, error: null }
  } catch (error) {
    return { tree, budget, error }
  }
}

function fileAt({ tree }: Result, path: string): FileNode {
  const { node } = resolvePath(tree.root, path, { followLast: true })
  if (node?.kind !== 'file') throw new Error(`${path} is no file`)
  return node
}

const contentAt = (result: Result, path: string): string | undefined => {
  const bytes = fileAt(result, path).content?.bytes
  return bytes ? Buffer.from(bytes).toString() : undefined
}

const codeOf = (error: unknown) => (error instanceof LimitHit ? error.reason.code : error)

const many = (count: number): TarEntry[] =>
  Array.from({ length: count }, (_, index) => ({ path: `file-${index}`, content: 'x' }))

describe('content', () => {
  test('is kept of the files that are wanted, by their normalised path, and of no others', async () => {
    const entries = [
      { path: './a/../etc/os-release', content: 'wanted' },
      { path: 'etc/passwd', content: 'not wanted' },
    ]
    const result = await read([tarArchive(entries)], { wants: path => path === 'etc/os-release' })
    expect(contentAt(result, 'etc/os-release')).toBe('wanted')
    expect(contentAt(result, 'etc/passwd')).toBeUndefined()
  })

  test('that was not kept can be read again from its layer, for every name of the file', async () => {
    const layers = [
      tarArchive([
        { path: 'a', content: 'first' },
        { path: 'a', content: 'second' },
        { path: 'b', kind: 'hardlink', linkPath: 'a' },
      ]),
      tarArchive([{ path: 'other', content: 'x' }]),
    ]
    const result = await read(layers, { wants: () => false })
    const files = [fileAt(result, 'a'), fileAt(result, 'b')]
    expect(files.map(file => file.contentLayer)).toEqual([0, 0])
    await readAgain({ chunks: once(layers[0] as Uint8Array), diffId: null }, files, result.budget)
    expect([contentAt(result, 'a'), contentAt(result, 'b')]).toEqual(['second', 'second'])
  })
})

describe('the diffID', () => {
  const tar = tarArchive(many(3))
  const diffId = `sha256:${createHash('sha256').update(tar).digest('hex')}`

  test('pitfall 52: is of the inflated bytes, all of them', async () => {
    const budget = newBudget(defaultLimits, new AbortController().signal)
    const trailing = Buffer.concat([tar, Buffer.from('rest')])
    for (const bytes of [tar, gzipSync(tar)]) {
      await applyLayer(overlay(), 0, { chunks: once(bytes), diffId }, () => false, budget)
    }
    const reading = applyLayer(
      overlay(),
      0,
      { chunks: once(gzipSync(trailing)), diffId },
      () => false,
      budget,
    )
    await expect(reading).rejects.toThrow(/inflates to sha256:[0-9a-f]{64}, where/)
  })
})

describe('broken layers', () => {
  test('name what is wrong', async () => {
    const cut = await read([tarArchive(many(3)).subarray(0, 512)])
    expect(cut.error).toBeInstanceOf(CorruptLayer)
    expect(String(cut.error)).toContain('its tar archive is broken: it ends in the middle of a member')
    const garbage = await read([Buffer.alloc(2000, 'garbage')])
    expect(String(garbage.error)).toContain('its tar archive is broken: a header has a wrong checksum')
    const gzip = await read([gzipSync(tarArchive(many(3))).subarray(0, 60)])
    expect(String(gzip.error)).toContain('its gzip compression is broken: unexpected end of file')
  })

  test('pitfall 53: empty ones are whole', async () => {
    expect((await read([new Uint8Array(), tarEnd(), gzipSync('')])).error).toBeNull()
  })
})

describe('limits', () => {
  test('inflated bytes count over all layers; what was read until then is there', async () => {
    const layer = gzipSync(tarArchive([{ path: 'zeros', content: Buffer.alloc(1e6) }]))
    const result = await read([layer, layer, layer], {
      limits: { maxInflatedBytes: 2.5e6 },
      wants: () => false,
    })
    expect(codeOf(result.error)).toBe('limit-inflated-bytes')
    expect(result.budget.inflatedBytes).toBeLessThan(4e6)
    expect(fileAt(result, 'zeros').layer).toBe(1)
  })

  test('entries count over all layers', async () => {
    const result = await read([tarArchive(many(6)), tarArchive(many(6))], { limits: { maxEntries: 10 } })
    expect(codeOf(result.error)).toBe('limit-entries')
    expect(fileAt(result, 'file-3').layer).toBe(1)
  })

  test('directories that no archive names count as well', async () => {
    const deep = [{ path: `${'d/'.repeat(50)}x`, content: '' }]
    expect(codeOf((await read([tarArchive(deep)], { limits: { maxEntries: 20 } })).error)).toBe(
      'limit-entries',
    )
  })

  test('a tree that would fill the heap stops the reading before it does', async () => {
    const links = Array.from(
      { length: 500 },
      (_, index): TarEntry => ({
        path: `link-${index}`,
        kind: 'symlink',
        linkPath: 'x'.repeat(4000),
      }),
    )
    const result = await read([tarArchive(links)], { limits: { maxHeapMb: 2 } })
    expect(codeOf(result.error)).toBe('limit-memory')
    expect(result.tree.root.children?.size).toBeGreaterThan(300)
  })

  test('a file that is too large is not kept and says so; others are', async () => {
    const entries = [
      { path: 'large', content: 'x'.repeat(200) },
      { path: 'small', content: 'y' },
    ]
    const result = await read([tarArchive(entries)], { limits: { maxFileBytes: 100 } })
    expect(fileAt(result, 'large')).toMatchObject({
      content: null,
      lack: {
        code: 'limit-file-bytes',
        message:
          'it has 200 bytes, more than the 100 bytes that are read of one file (a database takes less when it is rebuilt as the image is built)',
      },
    })
    expect(contentAt(result, 'small')).toBe('y')
  })

  test('a sparse file counts by what it unpacks to', async () => {
    const sparse = paxHeader([
      ['GNU.sparse.map', '0,1'],
      ['GNU.sparse.size', '1000000000000'],
    ])
    const result = await read([Buffer.concat([sparse, tarEntry({ path: 'sparse', content: 'x' }), tarEnd()])])
    expect(fileAt(result, 'sparse').lack?.code).toBe('limit-file-bytes')
  })

  test('contents that are too large together are left for a second pass, which keeps to the same bound', async () => {
    const archive = tarArchive(['a', 'b'].map(path => ({ path, content: 'x'.repeat(200) })))
    const result = await read([archive], { limits: { maxKeptBytes: 300 } })
    expect(fileAt(result, 'a').content).not.toBeNull()
    expect(fileAt(result, 'b')).toMatchObject({ content: null, lack: null })
    await readAgain({ chunks: once(archive), diffId: null }, [fileAt(result, 'b')], result.budget)
    expect(fileAt(result, 'b').lack?.code).toBe('limit-memory')
  })

  test('a path or link target that is too long loses its entry, and one note stands for all', async () => {
    const entries: TarEntry[] = [
      { path: 'long/'.repeat(30), content: '' },
      { path: 'link', kind: 'symlink', linkPath: 'x'.repeat(101) },
      { path: 'short', content: 'kept' },
    ]
    const result = await read([tarArchive(entries)], { limits: { maxPathBytes: 100 } })
    expect(result.error).toBeNull()
    expect([...(result.tree.root.children?.keys() ?? [])]).toEqual(['short'])
    expect([...result.budget.reasons.values()]).toEqual([
      {
        code: 'limit-path-bytes',
        message: expect.stringMatching(/^A path of 150 bytes, beginning with "long\//),
      },
    ])
  })

  test('paths that lead through links through links stop the reading', async () => {
    const folders = 'd/../'.repeat(20)
    const links = Array.from(
      { length: 30 },
      (_, index): TarEntry => ({
        path: `l${index}`,
        kind: 'symlink',
        linkPath: index === 0 ? folders : `l${index - 1}/${folders}`,
      }),
    )
    // Two folders in turn, for the last one is remembered.
    const files = Array.from(
      { length: 500 },
      (_, index): TarEntry => ({ path: `l29/${index % 2}/x`, content: '' }),
    )
    const archive = tarArchive([{ path: 'd', kind: 'directory' }, ...links, ...files])
    const result = await read([archive], { limits: { maxEntries: 1000 } })
    expect(codeOf(result.error)).toBe('limit-path-bytes')
    expect(result.tree.followed).toBeLessThan(110_000)
    expect((await read([archive], { limits: { maxEntries: 100_000 } })).error).toBeNull()
  })

  test('time that is over ends the reading', async () => {
    const budget = newBudget(defaultLimits, AbortSignal.abort())
    const reading = applyLayer(
      overlay(),
      0,
      { chunks: once(tarArchive(many(1))), diffId: null },
      () => true,
      budget,
    )
    expect(codeOf(await reading.catch(error => error))).toBe('limit-time')
  })
})

test.each([
  [12, '12 bytes'],
  [1000, '1.0 kB'],
  [256e6, '256.0 MB'],
  [64e9, '64.0 GB'],
])('%d bytes are %s for people', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})
