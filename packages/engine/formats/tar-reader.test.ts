import { execFileSync } from 'node:child_process'
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CorruptTar } from './tar-header.ts'
import { type TarMember, tarReader } from './tar-reader.ts'
import {
  paxHeader,
  type TarEntry,
  tarArchive,
  tarBlock,
  tarEnd,
  tarEntry,
  tarPadding,
  withChecksum,
} from './tar-writer.ts'

type Read = TarMember & { content: string | null }

/** Everything an archive holds, fed in pieces of `step` bytes; contents as latin1. */
function read(archive: Uint8Array, step = archive.length, wants = (_: TarMember) => true): Read[] {
  const members: Read[] = []
  const reader = tarReader(member => {
    const entry: Read = { ...member, content: null }
    members.push(entry)
    if (!wants(member)) return null
    return content => {
      entry.content = Buffer.from(content).toString('latin1')
    }
  })
  for (let at = 0; at < archive.length; at += step) reader.write(archive.subarray(at, at + step))
  reader.end()
  return members
}

const block = (path: string, typeFlag: string, content = ''): Uint8Array =>
  Buffer.concat([
    tarBlock({ path: Buffer.from(path, 'latin1'), typeFlag, sizeBytes: content.length }),
    Buffer.from(content, 'latin1'),
    tarPadding(content.length),
  ])

const archive = (...parts: Uint8Array[]): Uint8Array => Buffer.concat([...parts, tarEnd()])

/** A header block with some of its bytes changed, and the checksum right again. */
function changed(header: Uint8Array, at: number, bytes: string): Uint8Array {
  const copy = Buffer.from(header)
  copy.write(bytes, at, 'latin1')
  return withChecksum(copy)
}

describe('what our own writer writes', () => {
  const longName = `${'d/'.repeat(80)}ü`

  test('pitfall 46: kinds, sizes, long and non-UTF-8 names are read back', () => {
    const entries: TarEntry[] = [
      { path: './', kind: 'directory' },
      { path: 'a', content: 'hello' },
      { path: longName, content: 'x'.repeat(512) },
      { path: 'link', kind: 'symlink', linkPath: longName },
      { path: Buffer.from([0x66, 0xff, 0xe9]), kind: 'hardlink', linkPath: 'a' },
      { path: 'pipe', kind: 'fifo' },
      { path: 'empty', content: '' },
    ]
    const longLatin1 = Buffer.from(longName).toString('latin1')
    expect(
      read(tarArchive(entries)).map(({ path, kind, linkPath, content }) => [path, kind, linkPath, content]),
    ).toEqual([
      ['./', 'directory', '', null],
      ['a', 'file', '', 'hello'],
      [longLatin1, 'file', '', 'x'.repeat(512)],
      ['link', 'symlink', longLatin1, null],
      ['f\xff\xe9', 'hardlink', 'a', null],
      ['pipe', 'special', '', null],
      ['empty', 'file', '', ''],
    ])
  })

  test('chunks of any size give the same members, wanted or not', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 150, unit: 'binary' })
      .filter(text => !text.includes('\0'))
    const entry = fc.record({ path: name, content: fc.string({ maxLength: 1500 }) })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), fc.integer({ min: 1, max: 3000 }), (entries, step) => {
        const bytes = tarArchive(entries)
        const odd = (member: TarMember) => member.sizeBytes % 2 === 1
        expect(read(bytes, step)).toEqual(read(bytes))
        expect(read(bytes, step).map(one => one.content)).toEqual(
          entries.map(one => Buffer.from(one.content).toString('latin1')),
        )
        expect(read(bytes, step, odd)).toEqual(
          read(bytes).map(one => (odd(one) ? one : { ...one, content: null })),
        )
      }),
    )
  })
})

describe('contents for readers who seek', () => {
  test('stand where it is said, and are passed over without being read', () => {
    const entry = fc.record({
      path: fc.string({ minLength: 1, maxLength: 150 }).filter(text => !text.includes('\0')),
      content: fc.string({ maxLength: 3000 }),
    })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), fc.integer({ min: 1, max: 3000 }), (entries, step) => {
        const bytes = tarArchive(entries)
        const found: (string | null)[] = []
        const reader = tarReader(({ contentAt, sizeBytes }) => {
          const content = contentAt === null ? null : bytes.subarray(contentAt, contentAt + sizeBytes)
          found.push(content === null ? null : Buffer.from(content).toString())
          return null
        })
        let read = 0
        for (let at = 0; at < bytes.length; ) {
          const chunk = bytes.subarray(at, at + step)
          reader.write(chunk)
          read += chunk.length
          at += chunk.length
          at += reader.skip(bytes.length - at)
        }
        reader.end()
        expect(found).toEqual(entries.map(one => one.content))
        // A header, an extended one, what is read in one go with it; nothing of a content beyond.
        expect(read).toBeLessThanOrEqual(bytes.length)
        if (step <= 512) expect(read).toBeLessThanOrEqual(entries.length * 4 * (512 + step) + 1024)
      }),
    )
  })

  test('stand nowhere in one piece when a file is sparse', () => {
    const map = [
      ['GNU.sparse.map', '0,1'],
      ['GNU.sparse.size', '5'],
    ] as const
    const sparse = archive(paxHeader(map), block('sparse', '0', 'x'))
    expect(read(sparse)).toMatchObject([{ contentAt: null, sizeBytes: 5 }])
  })

  test('that are not there are missed', () => {
    const reader = tarReader(() => null)
    reader.write(tarEntry({ path: 'a', content: 'x'.repeat(5000) }).subarray(0, 600))
    expect(reader.skip(1000)).toBe(1000)
    expect(() => reader.end()).toThrow(CorruptTar)
  })
})

describe('what other writers write', () => {
  test('pitfall 46: a ustar prefix stands in front of the name, a STAR one is shorter, a GNU header has none', () => {
    const plain = block('name', '0')
    expect(read(archive(changed(plain, 345, 'some/where')))[0]?.path).toBe('some/where/name')
    const star = changed(changed(plain, 345, `${'p'.repeat(131)}0000`), 508, 'tar\0')
    expect(read(archive(star))[0]?.path).toBe(`${'p'.repeat(131)}/name`)
    const gnu = changed(changed(plain, 257, 'ustar  \0'), 345, '12345670123')
    expect(read(archive(gnu))[0]?.path).toBe('name')
    const v7 = changed(changed(plain, 257, '\0\0\0\0\0\0\0\0'), 345, 'rubbish')
    expect(read(archive(v7))[0]?.path).toBe('name')
  })

  test('a V7 file whose path ends in a slash is a directory', () => {
    expect(read(archive(block('folder/', '\0')))[0]?.kind).toBe('directory')
    expect(read(archive(block('file', '\0', 'abc')))[0]).toMatchObject({ kind: 'file', content: 'abc' })
  })

  test('pitfall 46: GNU long names and link targets, which go before the pax ones', () => {
    const long = 'n'.repeat(300)
    const target = 't'.repeat(300)
    const members = read(
      archive(
        block('././@LongLink', 'L', `${long}\0`),
        block('././@LongLink', 'K', `${target}\0`),
        paxHeader([['path', 'pax']]),
        changed(block('short', '2'), 157, 'short target'),
        block('next', '0'),
      ),
    )
    expect(members.map(({ path, linkPath }) => [path, linkPath])).toEqual([
      [long, target],
      ['next', ''],
    ])
  })

  test('pitfall 46: pax path, linkpath and size hold for the next member only; empty values change nothing', () => {
    const records = paxHeader([
      ['path', 'real name'],
      ['linkpath', 'real target'],
      ['size', '3'],
      ['mtime', '1.5'],
    ])
    const nothing = paxHeader([
      ['path', ''],
      ['size', ''],
    ])
    const members = read(
      archive(
        records,
        block('x', '0'),
        Buffer.from('abc'),
        tarPadding(3),
        nothing,
        block('second', '0', 'de'),
      ),
    )
    expect(members.map(({ path, linkPath, content }) => [path, linkPath, content])).toEqual([
      ['real name', 'real target', 'abc'],
      ['second', '', 'de'],
    ])
  })

  test('pitfall 46: a pax global header changes nothing, neither before a member nor between its headers', () => {
    const global = paxHeader(
      [
        ['path', 'everything'],
        ['size', '0'],
      ],
      'g',
    )
    const members = read(
      archive(global, block('one', '0', 'abc'), paxHeader([['path', 'two']]), global, block('x', '0')),
    )
    expect(members.map(({ path, content }) => [path, content])).toEqual([
      ['one', 'abc'],
      ['two', ''],
    ])
  })

  test('pitfall 46: sizes in base-256', () => {
    const big = Buffer.from(block('big', '0'))
    big.set([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x01], 124)
    const content = 'z'.repeat(513)
    const members = read(
      archive(withChecksum(big), Buffer.from(content), tarPadding(513), block('next', '0')),
    )
    expect(members.map(one => [one.path, one.content])).toEqual([
      ['big', content],
      ['next', ''],
    ])
  })

  test('links, directories and devices have no content whatever their size says; unknown types do', () => {
    const sized = (typeFlag: string): Uint8Array =>
      tarBlock({ path: Buffer.from(typeFlag), typeFlag, sizeBytes: 700 })
    const headers = ['1', '2', '3', '4', '5', '6'].map(sized)
    const members = read(archive(...headers, block('V', 'V', 'volume'), block('last', '7', 'contiguous')))
    expect(members.map(one => [one.path, one.kind])).toEqual([
      ['1', 'hardlink'],
      ['2', 'symlink'],
      ['3', 'special'],
      ['4', 'special'],
      ['5', 'directory'],
      ['6', 'special'],
      ['V', 'unknown'],
      ['last', 'file'],
    ])
    expect(members.at(-1)?.content).toBe('contiguous')
  })

  test('a checksum over signed bytes, as some old writers had it', () => {
    const header = Buffer.from(block('caf\xe9', '0'))
    header.fill(0x20, 148, 156)
    const signed = new Int8Array(header).reduce((sum, byte) => sum + byte, 0)
    header.write(`${signed.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    expect(read(archive(header))[0]?.path).toBe('caf\xe9')
  })
})

describe('the end', () => {
  test('what follows two zero blocks is not part of the archive', () => {
    expect(
      read(Buffer.concat([archive(block('a', '0')), Buffer.from('garbage'), block('b', '0')])),
    ).toHaveLength(1)
  })

  test('no zero blocks, one zero block, or nothing at all are an end too', () => {
    expect(read(block('a', '0'))).toHaveLength(1)
    expect(read(Buffer.concat([block('a', '0'), Buffer.alloc(512)]))).toHaveLength(1)
    expect(read(new Uint8Array())).toEqual([])
  })

  test('the padding of the last member may be missing', () => {
    expect(read(block('a', '0', 'abc').subarray(0, 515))[0]?.content).toBe('abc')
  })

  test('an archive cut anywhere inside a member is corrupt', () => {
    const whole = Buffer.concat([
      tarEntry({ path: 'n'.repeat(200), content: 'x'.repeat(600) }),
      tarEntry({ path: 'b', content: 'yy' }),
    ])
    // An extended header of 512 and 210 bytes, a header of 512, a content of 600; then 512 and 2. Padding may miss.
    const couldBeWhole = (length: number): boolean =>
      length === 0 ||
      (length >= 722 && length <= 1024) ||
      (length >= 2136 && length <= 2560) ||
      length >= 3074
    for (let length = 0; length <= whole.length; length += 1) {
      for (const wanted of [true, false]) {
        const reading = expect(() => read(whole.subarray(0, length), 700, () => wanted))
        if (couldBeWhole(length)) reading.not.toThrow()
        else reading.toThrow(CorruptTar)
      }
    }
  })
})

describe('sparse files', () => {
  const data = 'AAAABB'
  const whole = `\0\0AAAA\0\0\0BB\0`

  /** An old GNU sparse header: pairs of offset and length at 386, more to come at 482, the real size at 483. */
  function oldGnu(pairs: [number, number][], realSize: number, continued: boolean): Uint8Array {
    const header = Buffer.from(block('s', 'S', data).subarray(0, 512))
    header.write('ustar  \0', 257, 'latin1')
    writePairs(header, 386, pairs)
    header[482] = continued ? 1 : 0
    header.write(`${realSize.toString(8).padStart(11, '0')}\0`, 483, 'latin1')
    return withChecksum(header)
  }

  function writePairs(into: Buffer, at: number, pairs: [number, number][]): void {
    const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`
    for (const [index, [offset, bytes]] of pairs.entries()) {
      into.write(octal(offset) + octal(bytes), at + 24 * index, 'latin1')
    }
  }

  const stored = Buffer.concat([Buffer.from(data), tarPadding(data.length)])

  test('pitfall 46: old GNU maps, with a block that continues them, wanted or not', () => {
    const more = Buffer.alloc(512)
    writePairs(more, 0, [[9, 2]])
    const bytes = archive(oldGnu([[2, 4]], 12, true), more, stored, block('next', '0', 'n'))
    expect(read(bytes, 100).map(one => one.content)).toEqual([whole, 'n'])
    expect(read(bytes, 512, one => one.path === 'next').map(one => one.content)).toEqual([null, 'n'])
  })

  test('pitfall 46: pax maps of all three versions, under the name and size they give', () => {
    const size = ['GNU.sparse.size', '12'] as const
    const real = ['GNU.sparse.realsize', '12'] as const
    const name = ['GNU.sparse.name', 'real'] as const
    const pairs = [
      ['GNU.sparse.offset', '2'],
      ['GNU.sparse.numbytes', '4'],
      ['GNU.sparse.offset', '9'],
      ['GNU.sparse.numbytes', '2'],
    ] as const
    const map = '2\n2\n4\n9\n2\n'.padEnd(512, '\0')
    const version1 = [['GNU.sparse.major', '1'], ['GNU.sparse.minor', '0'], name, real] as const
    for (const [headers, content] of [
      [[size, ...pairs], data],
      [[size, name, ['GNU.sparse.map', '2,4,9,2']], data],
      [version1, map + data],
    ] as const) {
      const bytes = archive(paxHeader(headers), block('GNUSparseFile.1/s', '0', content), block('next', '0'))
      const [member, next] = read(bytes)
      expect(member).toMatchObject({ content: whole, kind: 'file' })
      expect(member?.path).toBe(headers.includes(name as never) ? 'real' : 'GNUSparseFile.1/s')
      expect(member?.sizeBytes).toBe(Math.max(12, content.length))
      expect(next?.path).toBe('next')
    }
  })

  test.each([
    ['overlapping', '2,4,3,2'],
    ['out of order', '9,2,2,4'],
    ['beyond the end', '2,4,11,2'],
    ['more than is stored', '0,12'],
    ['odd', '2,4,9'],
    ['not numbers', '2,x'],
  ])('a map that is %s is corrupt', (_, map) => {
    const records = paxHeader([
      ['GNU.sparse.size', '12'],
      ['GNU.sparse.map', map],
    ])
    expect(() => read(archive(records, block('s', '0', data)))).toThrow(CorruptTar)
  })

  test('a file of astronomical size costs nothing until it is wanted', () => {
    const records = paxHeader([
      ['GNU.sparse.size', '1000000000000000'],
      ['GNU.sparse.map', '0,6'],
    ])
    expect(read(archive(records, block('s', '0', data)), 512, () => false)[0]?.sizeBytes).toBe(1e15)
  })
})

describe('corrupt archives', () => {
  const good = block('a', '0', 'abc')

  test.each<[string, Uint8Array]>([
    ['a wrong checksum', Buffer.concat([Buffer.from('b'), good.subarray(1)])],
    ['a size that is not octal', changed(good.subarray(0, 512), 124, '9999')],
    ['a negative base-256 size', changed(good.subarray(0, 512), 124, '\xff'.repeat(12))],
    ['a base-256 size beyond all reason', changed(good.subarray(0, 512), 124, `\x80${'\x7f'.repeat(11)}`)],
    ['members after a zero block', Buffer.concat([new Uint8Array(512), good])],
    [
      'an extended header that is too large',
      tarBlock({ path: Buffer.from('x'), typeFlag: 'x', sizeBytes: 5 << 20 }),
    ],
    ['a pax record without a length', Buffer.concat([block('x', 'x', 'path=a\n'), good])],
    ['a pax record with a wrong length', Buffer.concat([block('x', 'x', '99 path=a\n'), good])],
    ['a pax record that does not move on', Buffer.concat([block('x', 'x', '0 path=a\n'), good])],
    ['a pax path with a zero byte', Buffer.concat([paxHeader([['path', 'a\0b']]), good])],
    ['a pax size that is no number', Buffer.concat([paxHeader([['size', '-1']]), good])],
    ['a sparse type outside the GNU format', changed(good.subarray(0, 512), 156, 'S')],
  ])('%s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(CorruptTar)
  })

  test('random bytes and random damage end in members or in CorruptTar, never otherwise', () => {
    const whole = archive(
      paxHeader([
        ['path', 'p'],
        ['GNU.sparse.map', '0,1'],
        ['GNU.sparse.size', '2'],
      ]),
      good,
      block('l', 'L', 'x'),
      good,
    )
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(damage, fc.boolean(), (changes, fixChecksums) => {
        const bytes = Buffer.from(whole)
        for (const [at, value] of changes) bytes[at] = value
        if (fixChecksums)
          for (let at = 0; at + 512 <= bytes.length; at += 512) {
            if (bytes.toString('latin1', at + 257, at + 262) === 'ustar')
              withChecksum(bytes.subarray(at, at + 512))
          }
        try {
          read(bytes, 333, member => member.sizeBytes < 1e6)
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptTar)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('archives of GNU tar', () => {
  let folder = ''
  const longName = `${'directory/'.repeat(12)}${'f'.repeat(90)}`

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tar-reader-'))
    mkdirSync(join(folder, 'directory/'.repeat(12)), { recursive: true })
    writeFileSync(join(folder, longName), 'deep')
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xe9, 0xff])]), 'latin')
    symlinkSync(`${'../'.repeat(40)}etc/os-release`, join(folder, 'link'))
    linkSync(join(folder, longName), join(folder, 'hard'))
    const sparse = openSync(join(folder, 'sparse'), 'w')
    for (let piece = 0; piece < 30; piece += 1) writeSync(sparse, `piece ${piece}`, piece * 100_000)
    closeSync(sparse)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    [['--format=gnu']],
    [['--format=gnu', '--sparse']],
    [['--format=oldgnu', '--sparse']],
    [['--format=pax']],
    [['--format=pax', '--sparse', '--sparse-version=0.0']],
    [['--format=pax', '--sparse', '--sparse-version=0.1']],
    [['--format=pax', '--sparse', '--sparse-version=1.0']],
    [['--format=pax', '--pax-option=globexthdr.name=g,comment=global']],
  ])('%s', options => {
    const bytes = execFileSync('tar', [...options, '--create', '--sort=name', '--directory', folder, '.'], {
      maxBuffer: 1e8,
    })
    const files = new Map(read(bytes).map(one => [one.path, one]))
    const hard = [files.get(`./${longName}`), files.get('./hard')]
    expect(hard.map(one => one?.kind).sort()).toEqual(['file', 'hardlink'])
    expect(hard.find(one => one?.kind === 'file')?.content).toBe('deep')
    expect(files.get('./\xe9\xff')?.content).toBe('latin')
    expect(files.get('./link')?.linkPath).toBe(`${'../'.repeat(40)}etc/os-release`)
    let expected = ''
    for (let piece = 0; piece < 30; piece += 1)
      expected = `${expected.padEnd(piece * 100_000, '\0')}piece ${piece}`
    expect(files.get('./sparse')?.content === expected).toBe(true)
  })
})
