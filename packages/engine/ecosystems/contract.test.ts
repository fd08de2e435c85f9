import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Ecosystem, InvalidVersion, type PackageRecord, Unreadable } from './ecosystem.ts'
import { ecosystems } from './index.ts'
import { makeRpmImage } from './testdata/rpm/image.ts'

/**
 * What every ecosystem has to keep, whoever wrote it. Each brings `testdata/<id>/`: `versions.txt` (an order of real
 * versions), `image/` (a root file system with its databases) and `expected.json` (the packages in it). Where databases
 * are no texts, the image is made.
 */
const testdata = join(import.meta.dirname, 'testdata')
const makers: Readonly<Record<string, (folder: string) => void>> = { rpm: makeRpmImage }
const made: string[] = []
afterAll(() => made.forEach(folder => rmSync(folder, { recursive: true })))

describe.each(ecosystems)('the ecosystem $id', ecosystem => {
  const folder = join(testdata, ecosystem.id)
  const image = imageOf(ecosystem)
  const vectors = readVectors(join(folder, 'versions.txt'))
  const names = [...new Set(vectors.flatMap(({ a, b }) => [a, b]))]

  it('has an id that no other has, and a title', () => {
    expect(ecosystems.filter(one => one.id === ecosystem.id)).toHaveLength(1)
    expect(ecosystem.id).toMatch(/^[a-z][a-z0-9.+-]*$/)
    expect(ecosystem.title).not.toBe('')
  })

  it('orders its version vectors, both ways round', () => {
    const signs = { '-1': '<', 0: '=', 1: '>' }
    expect(vectors.length).toBeGreaterThan(50)
    for (const { a, sign, b } of vectors) {
      expect(`${a} ${signs[ecosystem.compare(a, b)]} ${b}`).toBe(`${a} ${sign} ${b}`)
      expect(ecosystem.compare(a, b) + ecosystem.compare(b, a)).toBe(0)
    }
  })

  const version = fc
    .oneof(
      fc.constantFrom(...names),
      mutated(names),
      fc.string({ unit: fc.constantFrom(...alphabet(names)), maxLength: 12 }),
    )
    .filter(text => ecosystem.isVersion(text))

  it('orders versions totally', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(ecosystem.compare(a, a)).toBe(0)
        expect(ecosystem.compare(b, a) + ecosystem.compare(a, b)).toBe(0)
        const [low, middle, high] = [a, b, c].toSorted((x, y) => ecosystem.compare(x, y)) as [
          string,
          string,
          string,
        ]
        expect(ecosystem.compare(low, middle)).toBeLessThanOrEqual(0)
        expect(ecosystem.compare(middle, high)).toBeLessThanOrEqual(0)
        expect(ecosystem.compare(low, high)).toBeLessThanOrEqual(0)
        if (ecosystem.compare(low, middle) === 0) {
          expect(ecosystem.compare(middle, high)).toBe(ecosystem.compare(low, high))
        }
      }),
      { numRuns: 5000, seed: 2 },
    )
  })

  it('answers or throws InvalidVersion for any text, never anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...names), (text, name) => {
        try {
          expect([-1, 0, 1]).toContain(ecosystem.compare(text, name))
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidVersion)
          expect(ecosystem.isVersion(text)).toBe(false)
        }
      }),
      { numRuns: 2000, seed: 2 },
    )
    expect(ecosystem.isVersion('')).toBe(false)
    expect(ecosystem.isVersion('1 2')).toBe(false)
  })

  it('wants every database it names, wherever links in the directory part lead', () => {
    for (const database of ecosystem.databases) {
      const path = database.replace('*', 'any')
      const [, ...behindTheLink] = path.split('/')
      expect(ecosystem.wants(path)).toBe(true)
      expect(ecosystem.wants(`somewhere/else/${behindTheLink.join('/')}`)).toBe(true)
      expect(ecosystem.wants(`${path}/deeper/still`)).toBe(false)
      expect(ecosystem.wants(`${path}.bak/other`)).toBe(false)
    }
    expect(ecosystem.wants('etc/passwd')).toBe(false)
  })

  it('finds in its golden image what expected.json says', () => {
    const found = databaseFiles(image, ecosystem).flatMap(path => {
      const records = [...ecosystem.packages(readFileSync(join(image, path)), path)]
      return records.map(record => ({ ...record, path }))
    })
    expect(found).toEqual(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')))
  })

  it('yields sound packages or throws Unreadable for random bytes', () => {
    const path = ecosystem.databases[0]?.replace('*', 'any') ?? ''
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), bytes => expectSound(ecosystem.packages(bytes, path))),
      { numRuns: 1000, seed: 2 },
    )
  })

  it('yields sound packages or throws Unreadable for damaged databases', () => {
    const files = databaseFiles(image, ecosystem).map(path => ({
      path,
      bytes: readFileSync(join(image, path)),
    }))
    const damaged = fc.record({
      file: fc.constantFrom(...files),
      cut: fc.nat(),
      overwritten: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
    })
    fc.assert(
      fc.property(damaged, ({ file, cut, overwritten }) => {
        const bytes = Uint8Array.from(file.bytes.subarray(0, cut % (file.bytes.length + 1)))
        for (const [at, value] of overwritten) if (bytes.length > 0) bytes[at % bytes.length] = value
        expectSound(ecosystem.packages(bytes, file.path))
      }),
      { numRuns: 1000, seed: 2 },
    )
  })

  it('reads an emptied database as one without packages', () => {
    for (const path of databaseFiles(image, ecosystem)) {
      expect([...ecosystem.packages(new Uint8Array(), path)]).toEqual([])
    }
  })

  it('puts no name into a command that a shell would read otherwise', () => {
    for (const name of ['a; reboot', '$(reboot)', 'a\nb', '-o', '`a`', "a'b", '']) {
      const fix = { sourceName: 'a', packageNames: ['a', name], fixedVersion: '1.0' }
      expect(ecosystem.fixCommand(fix)).toBeNull()
    }
    expect(ecosystem.fixCommand({ sourceName: 'a', packageNames: ['a', 'b'], fixedVersion: '1.0' })).toMatch(
      / a b$/,
    )
  })

  it('has feeds of the folders that it names, and of no others', () => {
    const ids = [
      'debian',
      'ubuntu',
      'alpine',
      'wolfi',
      'chainguard',
      'rocky',
      'almalinux',
      'rhel',
      'azurelinux',
    ]
    const versions = ['12', '22.04', '3.19.1', '9.4', '3.0', '']
    const distros = ids.flatMap(id =>
      versions.map(versionId => ({ id, versionId, idLike: [], prettyName: id })),
    )
    const feeds = distros.flatMap(distro => ecosystem.feeds(distro))
    expect(feeds.length).toBeGreaterThan(0)
    for (const feed of feeds) {
      expect(ecosystem.advisoryFolders).toContain(feed.split(':')[0])
      expect(['source', 'binary', 'both', undefined]).toContain(ecosystem.advisoryNames?.(feed))
      const paid = ecosystem.paidFeed?.(feed) ?? null
      if (paid !== null) expect(ecosystem.advisoryFolders).toContain(paid.split(':')[0])
    }
  })

  it('wants the settings it names, and can say something of any', () => {
    const settings = ecosystem.settings ?? []
    for (const path of settings.filter(path => !path.endsWith('/*'))) expect(ecosystem.wants(path)).toBe(true)
    const distro = fc.record({
      id: fc.constantFrom('debian', 'ubuntu', 'alpine', 'wolfi', 'unheard-of'),
      versionId: fc.constantFrom('', '12', '22.04', '3.19', 'x'),
      idLike: fc.constant<string[]>([]),
      prettyName: fc.string(),
    })
    fc.assert(
      fc.property(distro, fc.array(fc.string({ unit: 'binary' })), (distro, texts) => {
        const paths = settings.map(path => path.replace('*', 'any.list'))
        const files = new Map(paths.map((path, at) => [path, texts[at] ?? '']))
        for (const other of ecosystem.otherReleases?.(files, distro) ?? []) expect(other).not.toBe('')
      }),
      { numRuns: 200, seed: 2 },
    )
  })

  it('knows of any package who else built it, or that nobody did', () => {
    const record = fc.record({
      name: fc.string(),
      version: fc.oneof(fc.constantFrom(...names), fc.string()),
      sourceName: fc.string(),
      sourceVersion: fc.string(),
      arch: fc.string(),
      vendor: fc.oneof(fc.constantFrom('', 'x <x@y.z>', 'X'), fc.string({ unit: 'binary' })),
    })
    const distro = { id: 'debian', versionId: '12', idLike: [], prettyName: 'Debian 12' }
    fc.assert(
      fc.property(record, one => {
        expect(ecosystem.thirdParty?.(one, distro) ?? null).not.toBe('')
      }),
      { numRuns: 500, seed: 2 },
    )
  })

  it('has no feed for a distribution nobody knows', () => {
    const distro = { id: 'unheard-of', versionId: '1', idLike: [], prettyName: 'Unheard Of 1' }
    expect(ecosystem.feeds(distro)).toEqual([])
    expect(ecosystem.category(distro)).not.toBe('')
    expect(ecosystem.category(null)).not.toBe('')
  })
})

function imageOf({ id }: Ecosystem): string {
  const make = makers[id]
  if (make === undefined) return join(testdata, id, 'image')
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-image-'))
  made.push(folder)
  make(folder)
  return folder
}

function readVectors(file: string) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const [a, sign, b] = line.split(' ') as [string, string, string]
      return { a, sign, b }
    })
}

/** A version made of the front of one real version and the back of another. */
function mutated(names: readonly string[]) {
  return fc
    .tuple(fc.constantFrom(...names), fc.nat(40), fc.constantFrom(...names), fc.nat(40))
    .map(([front, frontLength, back, backStart]) => front.slice(0, frontLength) + back.slice(backStart))
}

const alphabet = (names: readonly string[]): string[] => [...new Set(names.join(''))]

/** The files of a plain folder that the ecosystem would read, in its order, a directory's entries sorted. */
function databaseFiles(root: string, { databases, wants }: Ecosystem): string[] {
  const files = databases.flatMap(database => {
    if (!database.endsWith('/*')) return exists(join(root, database)) ? [database] : []
    const directory = database.slice(0, -2)
    if (!exists(join(root, directory))) return []
    return readdirSync(join(root, directory))
      .map(name => `${directory}/${name}`)
      .toSorted()
  })
  return files.filter(wants)
}

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

function expectSound(packages: Iterable<PackageRecord>): void {
  try {
    for (const record of packages) {
      for (const value of [record.name, record.version, record.sourceName, record.sourceVersion]) {
        expect(value).not.toBe('')
      }
      expect(record.arch).toBeTypeOf('string')
    }
  } catch (error) {
    expect(error).toBeInstanceOf(Unreadable)
  }
}

it('docs/adding-an-ecosystem.md names every member of an ecosystem', () => {
  const document = readFileSync(join(import.meta.dirname, '../../../docs/adding-an-ecosystem.md'), 'utf8')
  const members = new Set(ecosystems.flatMap(ecosystem => Object.keys(ecosystem)))
  expect([...members].filter(member => !document.includes(`| \`${member}\` |`))).toEqual([])
})
