import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CorruptLayer, inflate, sniff } from './inflate.ts'

async function* pieces(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

async function inflated(bytes: Uint8Array, step = bytes.length || 1): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of inflate(pieces(bytes, step))) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

/** A zstd skippable frame (RFC 8878, 3.1.2), of one of the 16 magic numbers. */
function skippable(content: string, variant = 0): Uint8Array {
  const frame = Buffer.alloc(8 + content.length)
  frame.writeUInt32LE(0x184d2a50 + variant, 0)
  frame.writeUInt32LE(content.length, 4)
  frame.write(content, 8, 'latin1')
  return frame
}

const texts = fc.array(fc.string({ maxLength: 3000, unit: 'binary' }), { minLength: 1, maxLength: 4 })
const joined = (parts: readonly string[]): string => Buffer.from(parts.join('')).toString('latin1')

describe('sniff', () => {
  test.each([
    ['gzip', [0x1f, 0x8b, 8, 0]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
    ['zstd', [0x50, 0x2a, 0x4d, 0x18]],
    ['zstd', [0x5f, 0x2a, 0x4d, 0x18]],
    ['none', [0x60, 0x2a, 0x4d, 0x18]],
    ['none', [...Buffer.from('./etc/')]],
    ['none', []],
  ])('%s: %j', (compression, bytes) => {
    expect(sniff(Uint8Array.from(bytes))).toBe(compression)
  })

  test('pitfall 50: names the compressions that layers do not have', () => {
    expect(() => sniff(Buffer.from('\xfd7zXZ\0', 'latin1'))).toThrow(/xz/)
    expect(() => sniff(Buffer.from('BZh91A'))).toThrow(/bzip2/)
  })
})

describe('inflate', () => {
  test('pitfall 50: gzip of any number of members, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 500 }), async (parts, step) => {
        const bytes = Buffer.concat(parts.map(part => gzipSync(part)))
        expect(await inflated(bytes, step)).toBe(joined(parts))
      }),
    )
  })

  test('pitfall 50: zstd of any number of frames with skippable ones between them, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(15), fc.integer({ min: 1, max: 500 }), async (parts, variant, step) => {
        const frames = parts.flatMap(part => [
          skippable('table of contents', variant),
          zstdCompressSync(part),
        ])
        expect(await inflated(Buffer.concat([...frames, skippable('')]), step)).toBe(joined(parts))
      }),
    )
  })

  test('what is not compressed is handed on as it is', async () => {
    const bytes = Buffer.from('no magic at all')
    expect(await inflated(bytes, 1)).toBe('no magic at all')
    expect(await inflated(bytes.subarray(0, 3))).toBe('no ')
    expect(await inflated(new Uint8Array())).toBe('')
  })

  test('many megabytes of it come in chunks of one megabyte at most', async () => {
    const bytes = gzipSync(Buffer.alloc(20_000_000, 'abc'))
    let total = 0
    for await (const chunk of inflate(pieces(bytes, 65536))) {
      expect(chunk.length).toBeLessThanOrEqual(1024 * 1024)
      total += chunk.length
    }
    expect(total).toBe(20_000_000)
  })

  test('pitfall 50: zeros behind a gzip member are padding, as is anything behind a zstd frame', async () => {
    for (const step of [1, 7, 5000]) {
      expect(await inflated(Buffer.concat([gzipSync('content'), Buffer.alloc(4000)]), step)).toBe('content')
      expect(await inflated(Buffer.concat([zstdCompressSync('content'), Buffer.from('rest')]), step)).toBe(
        'content',
      )
    }
  })

  test.each([
    ['a gzip that is cut off', gzipSync('x'.repeat(9999)).subarray(0, -5)],
    ['a second gzip member that is cut off', Buffer.concat([gzipSync('x'), gzipSync('y').subarray(0, 9)])],
    ['a gzip with a wrong checksum', Buffer.concat([gzipSync('abc').subarray(0, -8), Buffer.alloc(8, 1)])],
    ['a gzip with garbage behind it', Buffer.concat([gzipSync('abc'), Buffer.from('garbage')])],
    ['a gzip header without a gzip', Buffer.concat([Buffer.from([0x1f, 0x8b]), deflateRawSync('abc')])],
    ['a zstd that is cut off', zstdCompressSync('x'.repeat(9999)).subarray(0, -1)],
    ['a skippable frame that is cut off', skippable('table of contents').subarray(0, 12)],
  ])('%s is corrupt, whatever the pieces', async (_, bytes) => {
    for (const step of [1, 13, 10_000]) await expect(inflated(bytes, step)).rejects.toThrow(CorruptLayer)
  })

  test('a zstd frame that asks for more memory than zstd allows is corrupt', async () => {
    // A frame header (RFC 8878, 3.1.1.1) whose window descriptor says 2^(10+21) bytes, then an empty last block.
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x01, 0x00, 0x00])
    await expect(inflated(frame)).rejects.toThrow(CorruptLayer)
  })

  test('random bytes behind the magic end in content or in CorruptLayer', async () => {
    const magic = fc.constantFrom([0x1f, 0x8b, 8], [0x28, 0xb5, 0x2f, 0xfd], [0x50, 0x2a, 0x4d, 0x18])
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 200 }), async (head, rest) => {
        await inflated(Buffer.concat([Uint8Array.from(head), rest])).catch(error => {
          expect(error).toBeInstanceOf(CorruptLayer)
        })
      }),
      { numRuns: 300 },
    )
  })

  test('an error of the source is passed on as it is', async () => {
    const failure = new Error('the network is gone')
    const bytes = gzipSync('x'.repeat(100_000))
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 50)
      throw failure
    }
    await expect(Array.fromAsync(inflate(failing()))).rejects.toBe(failure)
  })

  test('a consumer that stops early stops the inflation, and the source is not read for ever', async () => {
    let given = 0
    const bytes = gzipSync(Buffer.alloc(1_000_000))
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (; given < 100_000; given += 1) yield bytes
    }
    const chunks = inflate(endless())
    await chunks.next()
    await chunks.return(undefined)
    const soon = given
    expect(soon).toBeLessThan(1000)
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
    expect(given).toBeLessThan(soon + 3)
  })
})
