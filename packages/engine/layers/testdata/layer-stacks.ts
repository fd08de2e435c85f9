import fc from 'fast-check'
import type { TarEntry } from '../../formats/tar-writer.ts'

/**
 * Stacks of layers that get in each other's way as much as possible: few names, so that everything meets everything,
 * in odd spellings, with links that lead anywhere.
 *
 * @param names components of the paths
 * @param favourites paths to be hit more often than chance would have it
 * @param text what files hold, if they are not empty
 */
export function layerStacks(
  names: readonly string[],
  favourites: readonly string[] = [],
  text: fc.Arbitrary<string> = fc.integer({ min: 1, max: 9999 }).map(number => `package-${number} 1\n`),
): fc.Arbitrary<TarEntry[][]> {
  const name = fc.constantFrom(...names)
  const anywhere = fc.array(name, { minLength: 1, maxLength: 4 })
  const favourite = favourites.map(path => fc.constant(path.split('/')))
  const components = fc.oneof(...favourite, ...favourite.map(() => anywhere), anywhere)
  const spelt = fc
    .tuple(
      components,
      fc.constantFrom('', '', '', './', '/', '../', '..//../', 'a/../', './/'),
      fc.constantFrom('/', '/', '/', '//', '/./', '/b/../'),
      fc.constantFrom('', '', '', '/', '/.'),
    )
    .map(([parts, before, between, after]) => before + parts.join(between) + after)
  const target = fc.oneof(
    components.map(parts => parts.join('/')),
    components.map(parts => `/${parts.join('/')}`),
    fc.tuple(components, components).map(([a, b]) => `${a.join('/')}/../${b.join('/')}`),
    components.map(parts => `../${parts.join('/')}`),
    fc.constantFrom('.', '..', '/', '../../..', 'a/..'),
  )
  const content = fc.oneof(fc.constant(''), text)
  const inFolder = (last: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.tuple(fc.array(name, { maxLength: 3 }), last).map(([parts, file]) => [...parts, file].join('/'))

  const file = fc.record({ path: spelt, content })
  const directory = fc.record({ path: spelt, kind: fc.constant('directory' as const) })
  const symlink = fc.record({ path: spelt, kind: fc.constant('symlink' as const), linkPath: target })
  const hardlink = fc.record({ path: spelt, kind: fc.constant('hardlink' as const), linkPath: spelt })
  const pipe = fc.record({ path: spelt, kind: fc.constant('fifo' as const) })
  const whiteout = fc.record({ path: inFolder(name.map(one => `.wh.${one}`)), content: fc.constant('') })
  const opaque = fc.record({ path: inFolder(fc.constant('.wh..wh..opq')), content: fc.constant('') })
  const odd = fc.record({
    path: inFolder(fc.constantFrom('.wh.', '.wh..', '.wh...', '.wh..wh.aufs', '.', '..')),
    content: fc.constant(''),
  })
  const entry = fc.oneof(
    { weight: 8, arbitrary: file },
    { weight: 4, arbitrary: directory },
    { weight: 4, arbitrary: symlink },
    { weight: 3, arbitrary: hardlink },
    { weight: 1, arbitrary: pipe },
    { weight: 4, arbitrary: whiteout },
    { weight: 3, arbitrary: opaque },
    { weight: 1, arbitrary: odd },
  )
  return fc.array(fc.array(entry, { maxLength: 12 }), { minLength: 1, maxLength: 5 })
}
