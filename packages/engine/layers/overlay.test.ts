import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TarEntry } from '../formats/tar-writer.ts'
import { layerStacks } from './testdata/layer-stacks.ts'
import { flattened, mergeLayers, tableOf } from './testdata/merged-view.ts'
import { naiveMerge } from './testdata/naive-overlay.ts'

const sorted = (table: ReadonlyMap<string, unknown>) => [...table].sort(([a], [b]) => (a < b ? -1 : 1))

const file = (path: string, content = ''): TarEntry => ({ path, content })
const folder = (path: string): TarEntry => ({ path, kind: 'directory' })
const symlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'symlink', linkPath })
const hardlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'hardlink', linkPath })

/** Paths of everything but directories, with a file's content or a link's target. */
async function merged(...layers: TarEntry[][]): Promise<Record<string, string>> {
  const table = tableOf((await mergeLayers(layers)).root)
  const view: Record<string, string> = {}
  for (const [path, thing] of table) {
    if (thing.kind === 'file') view[path] = `${thing.content ?? 'nothing'} of ${thing.layer}`
    else if (thing.kind === 'symlink') view[path] = `-> ${thing.target}`
  }
  return view
}

describe('properties', () => {
  test('any stack of layers merges as the naive overlay says', async () => {
    await fc.assert(
      fc.asyncProperty(layerStacks(['a', 'b', 'c']), async layers => {
        expect(sorted(tableOf((await mergeLayers(layers)).root))).toEqual(sorted(naiveMerge(layers)))
      }),
      { numRuns: 3000 },
    )
  })

  test('the merged file system packed as one layer is the same file system', async () => {
    await fc.assert(
      fc.asyncProperty(layerStacks(['a', 'b', 'c']), async layers => {
        const table = tableOf((await mergeLayers(layers)).root)
        const again = tableOf((await mergeLayers([flattened(table)])).root)
        const origin = (_: string, value: unknown) =>
          value instanceof Object && 'layer' in value ? { ...value, layer: 0 } : value
        const whole = [...table].filter(([, thing]) => thing.kind !== 'file' || thing.content !== null)
        expect(JSON.stringify(sorted(again), origin)).toBe(JSON.stringify(sorted(new Map(whole)), origin))
      }),
      { numRuns: 500 },
    )
  })
})

describe('whiteouts', () => {
  test('pitfall 42: hide what lower layers have, file or whole directory', async () => {
    const base = [file('a/x', '1'), file('a/y', '2'), file('b/c/d', '3')]
    expect(await merged(base, [file('a/.wh.x'), file('.wh.b')])).toEqual({ 'a/y': '2 of 0' })
  })

  test('pitfall 42: never hide what their own layer has, whichever comes first', async () => {
    const base = [file('a/x', 'old'), file('a/d/old', 'old')]
    const entries = [file('a/.wh.x'), file('a/x', 'new'), file('a/.wh.d'), file('a/d/new', 'new')]
    const expected = { 'a/x': 'new of 1', 'a/d/new': 'new of 1' }
    expect(await merged(base, entries)).toEqual(expected)
    expect(await merged(base, entries.toReversed())).toEqual(expected)
  })

  test('pitfall 42: an opaque directory hides its lower entries only, wherever the mark stands', async () => {
    const base = [file('a/old', '1'), file('a/sub/old', '2'), file('b/old', '3')]
    const entries = [folder('a'), file('a/.wh..wh..opq'), file('a/new', '4'), file('a/sub/new', '5')]
    const expected = { 'a/new': '4 of 1', 'a/sub/new': '5 of 1', 'b/old': '3 of 0' }
    expect(await merged(base, entries)).toEqual(expected)
    expect(await merged(base, entries.toReversed())).toEqual(expected)
  })

  test('pitfall 42: what was hidden may come back in a later layer', async () => {
    expect(await merged([file('a/x', '1')], [file('.wh.a')], [file('a/y', '2')])).toEqual({ 'a/y': '2 of 2' })
  })

  test('pitfall 42: of one directory, again and again, hide it once', async () => {
    const own = Array.from({ length: 20_000 }, (_, index) => file(`a/${index % 100}/${index}`))
    const marks = Array.from({ length: 20_000 }, (_, index) =>
      file(index % 2 === 0 ? 'a/.wh..wh..opq' : `a/${index % 100}/.wh..wh..opq`),
    )
    // Were each mark a walk through all that is there, this would be hundreds of millions of steps.
    const view = await merged(
      [file('a/old'), file('a/1/old')],
      [...own, ...marks, file('a/1/late'), ...marks],
    )
    expect(Object.keys(view)).toHaveLength(20_001)
    expect(view['a/1/late']).toBe(' of 1')
  })

  test('pitfall 42: an opaque mark of the next layer hides what the last one kept', async () => {
    const marked = [file('a/x', '1'), file('a/.wh..wh..opq')]
    expect(await merged(marked, [file('a/y', '2'), ...marked.slice(1)])).toEqual({ 'a/y': '2 of 1' })
  })

  test('pitfall 42: those that name nothing, or their own directory, do nothing', async () => {
    const base = [file('a/x', '1')]
    const marks = [
      'a/.wh.',
      'a/.wh..',
      'a/.wh...',
      'a/.wh..wh.aufs',
      '.wh.missing',
      'missing/.wh.x',
      'a/x/.wh.y',
    ]
    expect(
      await merged(
        base,
        marks.map(mark => file(mark)),
      ),
    ).toEqual({ 'a/x': '1 of 0' })
  })

  test('take away a link that the entries before it went through', async () => {
    const base = [folder('b'), symlink('a', 'b')]
    expect(await merged(base, [file('a/x', '1'), file('.wh.a'), file('a/y', '2')])).toEqual({
      'a/y': '2 of 1',
      'b/x': '1 of 1',
    })
  })

  test('pitfall 42: in a directory that is reached through a symbolic link', async () => {
    const base = [file('usr/lib/x', '1'), symlink('lib', 'usr/lib')]
    expect(await merged(base, [file('lib/.wh.x')])).toEqual({ lib: '-> usr/lib' })
  })
})

describe('overwriting', () => {
  test('pitfall 43: an empty file replaces a full one', async () => {
    expect(await merged([file('var/lib/dpkg/status', 'full')], [file('var/lib/dpkg/status')])).toEqual({
      'var/lib/dpkg/status': ' of 1',
    })
  })

  test('pitfall 43: a directory by a file or a link, and back', async () => {
    const base = [file('a/x', '1')]
    expect(await merged(base, [file('a', '2')])).toEqual({ a: '2 of 1' })
    expect(await merged(base, [symlink('a', 'elsewhere')])).toEqual({ a: '-> elsewhere' })
    expect(await merged(base, [file('a', '2')], [file('a/y', '3')])).toEqual({ 'a/y': '3 of 2' })
    expect(await merged(base, [symlink('a', 'b')], [folder('a'), file('a/y', '3')])).toEqual({
      'a/y': '3 of 2',
    })
  })

  test('a directory that is named again keeps what is in it', async () => {
    expect(await merged([file('a/x', '1')], [folder('a/'), folder('./')])).toEqual({ 'a/x': '1 of 0' })
  })

  test('pitfall 46: of several entries for one path the last one counts', async () => {
    expect(
      await merged([file('a', '1'), folder('a'), file('a/b', '2'), file('./a', '3'), file('/a', '4')]),
    ).toEqual({
      a: '4 of 0',
    })
  })
})

describe('hard links', () => {
  test('pitfall 44: to an earlier entry of the same archive, or of a lower layer', async () => {
    expect(await merged([file('a', '1'), hardlink('b', 'a')], [hardlink('c/d', './b')])).toEqual({
      a: '1 of 0',
      b: '1 of 0',
      'c/d': '1 of 0',
    })
  })

  test('pitfall 44: keep the content when the other name is replaced or deleted', async () => {
    expect(await merged([file('a', '1'), hardlink('b', 'a'), file('a', '2')], [file('.wh.a')])).toEqual({
      b: '1 of 0',
    })
  })

  test('pitfall 44: are of the layer that made them when it comes to whiteouts', async () => {
    expect(await merged([file('a', '1')], [hardlink('b', 'a'), file('.wh.b')], [file('.wh.a')])).toEqual({
      b: '1 of 0',
    })
  })

  test('pitfall 44: to a symbolic link make another symbolic link', async () => {
    expect(await merged([symlink('a', 'x'), hardlink('b', 'a')])).toEqual({ a: '-> x', b: '-> x' })
  })

  test('pitfall 44: to nothing, to a directory, or to themselves do no harm', async () => {
    expect(
      await merged([
        hardlink('a', 'missing'),
        folder('d'),
        hardlink('b', 'd'),
        file('c', '1'),
        hardlink('c', 'c'),
      ]),
    ).toEqual({ a: 'nothing of 0', c: '1 of 0' })
  })
})

describe('symbolic links in the directory part', () => {
  test('pitfall 45: lead to where they point, in the same layer or a lower one', async () => {
    const base = [symlink('lib', 'usr/lib'), folder('usr/lib')]
    expect(await merged([...base, file('lib/x', '1')], [file('lib/y', '2')])).toEqual({
      lib: '-> usr/lib',
      'usr/lib/x': '1 of 0',
      'usr/lib/y': '2 of 1',
    })
  })

  test('pitfall 45: absolute, upwards and through several links, never out of the image', async () => {
    const links = [
      symlink('one', '/two'),
      symlink('two', '../../../../three/./'),
      symlink('three', 'four/../five'),
    ]
    expect(await merged([...links, file('one/x', '1')])).toMatchObject({ 'five/x': '1 of 0' })
  })

  test('pitfall 45: that go in circles lose the entry and nothing else', async () => {
    const links = [symlink('a', 'b'), symlink('b', 'a')]
    expect(await merged([...links, file('a/x', '1'), file('c', '2')])).toEqual({
      a: '-> b',
      b: '-> a',
      c: '2 of 0',
    })
  })
})

test('a link may change where the entries after it go', async () => {
  // `b` is the root as long as `a` is not there, and leads nowhere once it is a link to itself.
  const entries = [symlink('b/a', 'a'), file('b/x', 'lost')]
  expect(await merged([symlink('b', 'a/..')], entries)).toEqual({ a: '-> a', b: '-> a/..' })
})

describe('odd archives', () => {
  test('pitfall 46: paths that climb out stay inside', async () => {
    expect(await merged([file('../../etc/passwd', '1'), file('a/../../b', '2'), file('/../c', '3')])).toEqual(
      {
        'etc/passwd': '1 of 0',
        b: '2 of 0',
        c: '3 of 0',
      },
    )
  })

  test("pitfall 50: eStargz's own files are not the image's", async () => {
    const own = ['stargz.index.json', '.prefetch.landmark', '.no.prefetch.landmark'].map(path => file(path))
    expect(await merged([...own, file('a/stargz.index.json')])).toEqual({ 'a/stargz.index.json': ' of 0' })
  })

  test('a tree deeper than any stack is hidden like any other', async () => {
    // Each link leads into the deepest folder so far, so paths of 2000 folders add up.
    const deep = 'd/'.repeat(2000)
    const layers = Array.from({ length: 20 }, (_, index) => [
      folder(`${index === 0 ? '' : `link${index - 1}/`}${deep}`),
      symlink(`link${index}`, `${index === 0 ? '' : `link${index - 1}/`}${deep}`),
    ])
    const bottom = [file('d/.wh..wh..opq'), file('d/x', '1')]
    const tree = await mergeLayers([layers.flat(), bottom])
    expect(tree.madeNodes).toBeGreaterThan(40_000)
    const d = tree.root.children?.get('d')
    expect(d?.kind === 'directory' && [...(d.children?.keys() ?? [])]).toEqual(['x'])
  })
})
