import { describe, expect, it } from 'vitest'
import { apk } from './apk.ts'
import { readDatabase } from './testdata/read-database.ts'

const path = 'lib/apk/db/installed'
const read = (content: string | Uint8Array) => readDatabase(apk, content, path)

describe('the apk database', () => {
  it('pitfall 15: takes the origin for the source, and the name where there is none', () => {
    expect(read('P:libssl3\nV:3.1.4-r5\nA:x86_64\no:openssl\n\nP:own\nV:1\no:\n').records).toEqual([
      {
        name: 'libssl3',
        version: '3.1.4-r5',
        sourceName: 'openssl',
        sourceVersion: '3.1.4-r5',
        arch: 'x86_64',
      },
      { name: 'own', version: '1', sourceName: 'own', sourceVersion: '1', arch: '' },
    ])
  })

  it('reads the last block whether or not the file ends in line feeds', () => {
    for (const ending of ['', '\n', '\n\n', '\n\n\n\n', '\r\n']) {
      expect(read(`P:a\nV:1-r0${ending}`).records).toHaveLength(1)
    }
  })

  it('reports a damaged block and keeps the others', () => {
    const { records, unreadable } = read(
      'this is no block\n\nP:a\nV:1\n\nP:b\nA:x\n\nV:3\n\nP:c\nV:4\nrubbish\n\nP:d\nV:5',
    )
    expect(records.map(({ name }) => name)).toEqual(['a', 'c', 'd'])
    expect(unreadable).toBe(
      'lib/apk/db/installed could not be read in full: the block at line 1 has no name; "b" at line 6 has no version; ' +
        'the block at line 9 has no name; and 1 more',
    )
  })

  it('is not misled by letters that mean something else among the files', () => {
    expect(read('P:a\nV:1\nF:etc\nP:other\nV:9\nR:o:x\n').records).toEqual([
      { name: 'a', version: '1', sourceName: 'a', sourceVersion: '1', arch: '' },
    ])
  })

  it('refuses a file that is no text at all', () => {
    expect(read(new Uint8Array([0x50, 0x3a, 0, 1])).unreadable).toMatch(/is not an apk database/)
  })

  it('reports a name or version with zero bytes, and takes no offence at them elsewhere', () => {
    const { records, unreadable } = read('P:a\nV:1\0\n\nP:b\nV:2\nT:x\0y\n\nP:c\0\nV:3\n')
    expect(records.map(({ name }) => name)).toEqual(['b'])
    expect(unreadable).toMatch(
      /"a" at line 1 has zero bytes in its name or version; .* at line 8 has zero bytes/,
    )
  })

  it('names at most three damaged blocks, none at length', () => {
    expect(read('P:a\n\n'.repeat(5)).unreadable).toMatch(/; and 2 more$/)
    expect(read(`P:${'x'.repeat(1e6)}\n`).unreadable?.length).toBeLessThan(300)
  })

  it.each(['lib/apk/db/installed', 'usr/lib/apk/db/installed', 'var/lib/apk/db/installed'])(
    'pitfall 20: is wanted at %s',
    place => {
      expect(apk.databases).toContain(place)
      expect(apk.wants(place)).toBe(true)
    },
  )
})

describe('the feed of a release', () => {
  it.each([
    ['3.10.2', 'Alpine:v3.10'],
    ['3.21.0', 'Alpine:v3.21'],
    ['3.9', 'Alpine:v3.9'],
    ['3.99.1', 'Alpine:v3.99'],
    ['3.21_alpha20240807', 'Alpine:edge'],
    ['edge', 'Alpine:edge'],
    ['', null],
    ['unknown', null],
  ])('pitfall 18: of Alpine %s is %s', (versionId, expected) => {
    expect(apk.feeds({ id: 'alpine', versionId, idLike: [], prettyName: 'Alpine Linux' })).toEqual(
      expected === null ? [] : [expected],
    )
  })

  it.each([
    ['wolfi', ['Wolfi'], 'Wolfi'],
    ['chainguard', ['Chainguard'], 'Chainguard'],
    ['postmarketos', [], 'Alpine'],
    ['alpaquita', [], 'Alpine'],
  ])('of %s is %j', (id, feeds, category) => {
    const distro = { id, versionId: '20230201', idLike: ['alpine'], prettyName: id }
    expect(apk.feeds(distro)).toEqual(feeds)
    expect(apk.category(distro)).toBe(category)
    for (const feed of feeds) expect(apk.advisoryFolders).toContain(feed)
  })

  it("names origins in Alpine's, and every package in the others", () => {
    expect(
      ['Alpine:v3.19', 'Alpine:edge', 'Wolfi', 'Chainguard'].map(feed => apk.advisoryNames?.(feed)),
    ).toEqual(['source', 'source', 'binary', 'binary'])
  })
})

describe('pitfall 18: releases beside the one the image says', () => {
  const others = (settings: Record<string, string>, id = 'alpine', versionId = '3.19.1') =>
    apk.otherReleases?.(new Map(Object.entries(settings)), { id, versionId, idLike: [], prettyName: id })
  const repositories = 'etc/apk/repositories'

  it('are those of its repositories', () => {
    const own = [
      'https://dl-cdn.alpinelinux.org/alpine/v3.19/main',
      'http://mirror.local/some/where/v3.19/community/',
      '@old https://dl-cdn.alpinelinux.org/alpine/v3.19/testing',
      '# https://dl-cdn.alpinelinux.org/alpine/edge/main',
      'https://dl-cdn.alpinelinux.org/alpine/latest-stable/main',
      '/media/cdrom/apks',
      'https://example.com/own-packages',
      '',
    ]
    expect(others({ [repositories]: own.join('\n') })).toEqual([])
    const mixed = [
      ...own,
      '@edge http://dl-cdn.alpinelinux.org/alpine/edge/testing',
      'http://x/alpine/v3.18/main',
    ]
    expect(others({ [repositories]: mixed.join('\n') })).toEqual([
      'Alpine edge (etc/apk/repositories)',
      'Alpine v3.18 (etc/apk/repositories)',
    ])
    const more = { 'etc/apk/repositories.d/wolfi.list': 'https://packages.wolfi.dev/os' }
    expect(others(more)).toEqual(['Wolfi (etc/apk/repositories.d/wolfi.list)'])
  })

  it('are none on edge, Wolfi and Chainguard themselves', () => {
    const edge = { [repositories]: 'https://dl-cdn.alpinelinux.org/alpine/edge/main' }
    expect(others(edge, 'alpine', '3.21_alpha20240807')).toEqual([])
    expect(
      others({ [repositories]: 'https://packages.wolfi.dev/os\nhttps://apk.cgr.dev/wolfi' }, 'wolfi'),
    ).toEqual([])
    expect(others({ [repositories]: 'https://apk.cgr.dev/chainguard' }, 'chainguard')).toEqual([])
    expect(others(edge, 'wolfi')).toEqual(['Alpine edge (etc/apk/repositories)'])
  })

  it('are what alpine-release says otherwise than os-release', () => {
    expect(others({ 'etc/alpine-release': '3.19.4\n' })).toEqual([])
    expect(others({ 'etc/alpine-release': '3.20.0\n' })).toEqual(['Alpine v3.20 (etc/alpine-release)'])
    expect(others({ 'etc/alpine-release': '3.20.0\n' }, 'wolfi')).toEqual([])
  })

  it('are wanted where they are listed', () => {
    for (const path of [repositories, 'etc/apk/repositories.d/a.list', 'etc/alpine-release'])
      expect(apk.wants(path)).toBe(true)
    expect(apk.wants('etc/apk/repositories.d/a.bak')).toBe(false)
  })
})
