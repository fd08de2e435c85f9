import { readFileSync } from 'node:fs'
import { createGzip, gzipSync } from 'node:zlib'
import type { CoverageReason } from '@plimsoll/types'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { paxHeader, type TarEntry, tarArchive, tarEnd, tarEntry, tarHeader } from '../formats/tar-writer.ts'
import type { Limits } from '../layers/limits.ts'
import { SourceError } from '../registry/source-error.ts'
import { type ReadInventoryInput, readInventory } from './read-inventory.ts'
import { file, imageOf, imageStreaming, layerOf, rogueMain } from './testdata/image-of.ts'

const diffId = `sha256:${'0'.repeat(64)}`

/** The result in a few words: a failure's code and message, or a coverage with its reasons and packages. */
async function outcome(input: ReadInventoryInput) {
  try {
    const { coverage, packages } = await readInventory(input)
    const reasons = coverage.reasons.map(({ code }: CoverageReason) => code)
    return { status: coverage.status, reasons, packages: packages.map(({ name }) => name) }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return { failed: error.code, message: error.message }
  }
}

/** Processes that this one started and that are not gone, zombies included. */
const children = (): string[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean)

const childrenBefore = children()
afterEach(() => expect(children()).toEqual(childrenBefore))

const withDatabase = [file('db/packages', 'seen 1')]

describe('bytes that make no sense fail with the layer named', () => {
  const good = layerOf(withDatabase)

  test.each([
    ['a truncated gzip', { ...good, bytes: good.bytes.subarray(0, -10) }, /its gzip compression is broken/],
    ['garbage', { bytes: Buffer.alloc(100_000, 'garbage'), diffId }, /its tar archive is broken/],
    ['another content than promised', { ...good, diffId }, /inflates to sha256:.*configuration says/],
    [
      'a truncated archive',
      { bytes: tarArchive(withDatabase).subarray(0, 515), diffId },
      /ends in the middle/,
    ],
    ['xz', { bytes: Buffer.from('\xfd7zXZ\0...', 'latin1'), diffId }, /compressed with xz/],
  ])('%s', async (_, blob, message) => {
    const result = await outcome(imageOf([good, blob]))
    expect(result).toEqual({ failed: 'layer-corrupt', message: expect.stringMatching(message) })
    expect(result.message).toMatch(/^Layer 2 of 2 \(sha256:[0-9a-f]{64}\) cannot be read: /)
  })

  test('the wrong digest of the stored bytes is the better explanation', async () => {
    const failure = new SourceError('digest-mismatch', 'The layer is not what its digest says.')
    async function* openLayer(): AsyncGenerator<Uint8Array> {
      for (let chunk = 0; chunk < 50; chunk += 1) yield Buffer.alloc(65_536, 'garbage')
      throw failure
    }
    await expect(readInventory(imageStreaming(openLayer))).rejects.toBe(failure)
  })
})

describe('limits end in a reason, and what was read until then is kept', () => {
  const reading = (limits: Partial<Limits>, ...parts: (() => Iterable<Uint8Array>)[]) =>
    imageStreaming(
      async function* () {
        yield tarEntry(withDatabase[0] as TarEntry)
        for (const part of parts) yield* part()
      },
      { limits },
    )

  test('a gzip bomb', async () => {
    async function* bomb(): AsyncGenerator<Uint8Array> {
      const gzip = createGzip({ level: 1 })
      gzip.write(Buffer.concat([tarEntry(withDatabase[0] as TarEntry), tarHeader({ path: 'zeros' }, 8e9)]))
      for (let megabytes = 0; megabytes < 400; megabytes += 1) gzip.write(Buffer.alloc(1e6))
      gzip.end()
      yield* gzip as AsyncIterable<Buffer>
    }
    const result = await outcome(imageStreaming(bomb, { limits: { maxInflatedBytes: 100e6 } }))
    expect(result).toEqual({ status: 'partial', reasons: ['limit-inflated-bytes'], packages: ['seen'] })
  })

  test('zeros without end', async () => {
    function* zeros(): Generator<Uint8Array> {
      for (;;) yield new Uint8Array(1e6)
    }
    const result = await outcome(reading({ maxInflatedBytes: 200e6 }, zeros))
    expect(result).toEqual({ status: 'partial', reasons: ['limit-inflated-bytes'], packages: ['seen'] })
  })

  test('entries without end', async () => {
    function* entries(): Generator<Uint8Array> {
      for (let folder = 0; ; folder += 1) {
        const headers = Array.from({ length: 500 }, (_, index) =>
          tarHeader({ path: `${folder}/${index}` }, 0),
        )
        yield Buffer.concat(headers)
      }
    }
    const result = await outcome(reading({ maxEntries: 50_000 }, entries))
    expect(result).toEqual({ status: 'partial', reasons: ['limit-entries'], packages: ['seen'] })
  })

  test('paths that would fill the memory', async () => {
    function* entries(): Generator<Uint8Array> {
      for (let index = 0; ; index += 1) yield tarHeader({ path: `${index}/${'long/'.repeat(800)}` }, 0)
    }
    const result = await outcome(reading({ maxHeapMb: 100 }, entries))
    expect(result).toEqual({ status: 'partial', reasons: ['limit-memory'], packages: ['seen'] })
  })

  test('a database of enormous size', async () => {
    function* database(): Generator<Uint8Array> {
      yield tarHeader({ path: 'db/parts/huge' }, 30e6)
      for (let chunk = 0; chunk < 30; chunk += 1) yield Buffer.alloc(1e6, 'x')
      yield Buffer.concat([new Uint8Array(512 - (30e6 % 512)), tarEnd()])
    }
    const blob = Buffer.concat([tarEntry(withDatabase[0] as TarEntry), ...database()])
    const { createHash } = await import('node:crypto')
    const real = `sha256:${createHash('sha256').update(blob).digest('hex')}`
    const result = await outcome(imageOf([{ bytes: blob, diffId: real }], { limits: { maxFileBytes: 20e6 } }))
    expect(result).toEqual({ status: 'partial', reasons: ['limit-file-bytes'], packages: ['seen'] })
  })

  test('a path of a megabyte', async () => {
    const path = 'long/'.repeat(200_000)
    const result = await outcome(imageOf([layerOf([file(path, ''), ...withDatabase])]))
    expect(result).toEqual({ status: 'partial', reasons: ['limit-path-bytes'], packages: ['seen'] })
  })

  test('more packages than anyone installs', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `p${index} 1`).join('\n')
    const input = imageOf([layerOf([file('db/packages', lines)])], { limits: { maxPackages: 1000 } })
    const { coverage, packages } = await readInventory(input)
    expect([coverage.status, packages.length]).toEqual(['partial', 1000])
    expect(coverage.reasons).toMatchObject([{ code: 'limit-entries' }])
  })

  test('reasons without end', async () => {
    const links = Array.from(
      { length: 5000 },
      (_, index): TarEntry => ({
        path: `db/parts/${index}`,
        kind: 'symlink',
        linkPath: `gone-${index}`,
      }),
    )
    const { coverage } = await readInventory(imageOf([layerOf(links)]))
    expect(coverage.status).toBe('partial')
    expect(coverage.reasons).toHaveLength(101)
    expect(coverage.reasons.at(-1)?.message).toBe('4900 more could not be read.')
  })

  test('a source that never goes on: the child answers by itself when the time is over', async () => {
    async function* stuck(): AsyncGenerator<Uint8Array> {
      yield tarEntry(withDatabase[0] as TarEntry)
      await new Promise(() => undefined)
    }
    const result = await outcome(imageStreaming(stuck, { limits: { timeoutMs: 1000 } }))
    expect(result).toEqual({ status: 'partial', reasons: ['limit-time'], packages: ['seen'] })
  })

  test('a reader that hangs: the child is killed when the time is over', async () => {
    const input = imageOf([layerOf([file('db/packages', 'hang')])], { limits: { timeoutMs: 600 } })
    expect(await outcome(input)).toEqual({ status: 'partial', reasons: ['limit-time'], packages: [] })
  })
})

describe('a child that was taken over', () => {
  const trick = (name: string, limits: Partial<Limits> = {}) =>
    imageOf([layerOf([file(`<${name}>`, '')], 'none')], { main: rogueMain, limits })

  test.each([
    ['say garbage', /broke the protocol: a frame is of no known type/],
    ['say what is not JSON', /broke the protocol: a message is not JSON/],
    ['say something of no known shape', /broke the protocol: an answer has an unexpected shape/],
    ['add a field', /broke the protocol: an answer has an unexpected shape/],
    ['announce an endless message', /broke the protocol: a message has 4294967295 bytes/],
    ['send data', /broke the protocol: a child sends no data/],
    ['invent a layer', /broke the protocol: something is from a layer that there is not/],
    [
      'find a database in a layer of its own',
      /broke the protocol: something is from a layer that there is not/,
    ],
    ['ask for a layer that is not there', /broke the protocol: a layer was asked for that there is not/],
    ['ask again and again', /broke the protocol: layers were asked for a third time/],
    ['never stop talking', /broke the protocol: the answers have no end/],
    ['complain without end', /failed: it complained without end. It said: complaint \d+$/],
    ['leave quietly', /it ended with exit code 0/],
    ['leave with an error', /it ended with exit code 7/],
    ['be killed', /it was ended by SIGKILL/],
  ])('that may %s fails the scan and nothing else', async (name, message) => {
    expect(await outcome(trick(name))).toEqual({
      failed: 'sandbox-failed',
      message: expect.stringMatching(message),
    })
  })

  test('that finds more packages than it may fails the scan as well', async () => {
    expect(await outcome(trick('find more packages than it may', { maxPackages: 10 }))).toEqual({
      failed: 'sandbox-failed',
      message: expect.stringMatching(/broke the protocol: there are more packages than it may give/),
    })
  })

  test.each(['take all memory', 'take all memory outside the heap'])(
    'that may %s hits a limit',
    async name => {
      expect(await outcome(trick(name, { maxHeapMb: 64 }))).toEqual({
        status: 'partial',
        reasons: ['limit-memory'],
        packages: [],
      })
    },
  )

  test.each(['say nothing', 'ignore signals and loop', 'stop reading'])(
    'that may %s is killed in time',
    async name => {
      expect(await outcome(trick(name, { timeoutMs: 500 }))).toEqual({
        status: 'partial',
        reasons: ['limit-time'],
        packages: [],
      })
    },
  )

  test('and stops reading does not make the parent hoard what it cannot send', async () => {
    let given = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield tarEntry(file('<stop reading>', ''))
      for (;;) {
        given += 1
        yield new Uint8Array(65_536)
      }
    }
    await outcome(imageStreaming(endless, { main: rogueMain, limits: { timeoutMs: 500 } }))
    expect(given * 65_536).toBeLessThan(4e6)
  })

  // A source that never waits for anything must not keep the parent from hearing what the child says.
  test('and hangs up is heard all the same', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield tarEntry(file('<hang up, and answer later>', ''))
      for (;;) yield new Uint8Array(65_536)
    }
    expect(await outcome(imageStreaming(endless, { main: rogueMain }))).toEqual({
      status: 'not-applicable',
      reasons: ['nothing-to-read'],
      packages: [],
    })
  })
})

test('a program that cannot be started fails the scan and nothing else', async () => {
  const { execPath } = process
  process.execPath = '/no/such/node'
  try {
    const message = expect.stringMatching(/it ended with exit code 127. It said: .*\/no\/such\/node/)
    expect(await outcome(imageOf([layerOf([])]))).toEqual({ failed: 'sandbox-failed', message })
  } finally {
    process.execPath = execPath
  }
})

describe('breaking off', () => {
  test('an abort ends the child and the scan, wherever they are', async () => {
    for (const waitFor of ['start', 'bytes', 'nothing'] as const) {
      const controller = new AbortController()
      async function* slow(): AsyncGenerator<Uint8Array> {
        if (waitFor === 'start') controller.abort(new Error('not wanted any more'))
        yield tarEntry(file('a', ''))
        if (waitFor === 'bytes') controller.abort(new Error('not wanted any more'))
        for (;;) yield tarEntry(file('a', ''))
      }
      if (waitFor === 'nothing') controller.abort(new Error('not wanted any more'))
      const result = await outcome({ ...imageStreaming(slow), signal: controller.signal })
      expect(result).toEqual({
        failed: 'cancelled',
        message: 'The scan was cancelled while layers were read.',
      })
    }
  })

  test('also when the source does not listen', async () => {
    const controller = new AbortController()
    async function* deaf(): AsyncGenerator<Uint8Array> {
      yield tarEntry(file('a', ''))
      setImmediate(() => controller.abort())
      await new Promise(() => undefined)
    }
    expect(await outcome({ ...imageStreaming(deaf), signal: controller.signal })).toMatchObject({
      failed: 'cancelled',
    })
  })

  test('the error of a source is passed on as it is, and the source told to end', async () => {
    const failure = new SourceError('registry-unreachable', 'The registry is gone.')
    const ended = vi.fn<() => void>()
    async function* failing(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from(gzipSync(tarArchive(withDatabase)).subarray(0, 30))
        throw failure
      } finally {
        ended()
      }
    }
    await expect(readInventory(imageStreaming(failing))).rejects.toBe(failure)
    expect(ended).toHaveBeenCalledOnce()
  })

  test('a source is told to end when the child has heard enough', async () => {
    const ended = vi.fn<() => void>()
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield tarEntry(file('a', 'b'))
      } finally {
        ended()
      }
    }
    await outcome(imageStreaming(endless, { limits: { maxEntries: 100 } }))
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce())
  })
})

test('a pax header that lies about a size is no way to hide a package', async () => {
  // Both say where the next header is; what unpacks images believes the extended one.
  const lying = Buffer.concat([paxHeader([['size', '0']]), tarHeader({ path: 'a' }, 512)])
  const bytes = Buffer.concat([lying, tarEntry(withDatabase[0] as TarEntry), tarEnd()])
  const { createHash } = await import('node:crypto')
  const input = imageOf([{ bytes, diffId: `sha256:${createHash('sha256').update(bytes).digest('hex')}` }])
  expect(await outcome(input)).toMatchObject({ packages: ['seen'] })
})
