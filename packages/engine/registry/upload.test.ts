import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sha256 } from './blob.ts'
import { registryClient } from './client.ts'
import { SourceError } from './source-error.ts'
import {
  type FaultyRegistryDouble,
  startFaultyRegistryDouble,
  status,
} from './testdata/faulty-registry-double.ts'

/** What registries other than Docker Distribution do with uploads, by a double: their rules cannot be had here. */

const { signal } = new AbortController()
const place = '/v2/team/api/blobs/uploads/7'
const small = Buffer.from('a small layer')
const large = randomBytes(9 * 1024 * 1024)

let registry: FaultyRegistryDouble
let parts: Buffer[]
beforeEach(async () => {
  registry = await startFaultyRegistryDouble()
  parts = []
  registry.answer('/v2/team/api/blobs/uploads/', status(202, { location: place }))
  registry.answer(place, upload)
})
afterEach(async () => {
  await registry.stop()
})

const stored = (): Buffer => Buffer.concat(parts)

/** Keeps what is put or patched. */
function upload(request: IncomingMessage, response: ServerResponse): void {
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const isDone = request.method === 'PUT'
    response
      .writeHead(isDone ? 201 : 202, isDone ? {} : { location: place, range: `0-${stored().length - 1}` })
      .end()
  })
}

const write = async (
  bytes: Buffer,
  mountFrom: string | null = null,
  read = async function* () {
    yield bytes
  },
) => {
  let counted = 0
  const blob = { digest: `sha256:${sha256(bytes)}`, sizeBytes: bytes.length }
  const client = registryClient({
    url: registry.url,
    timing: { now: Date.now, random: () => 0, sleep: async () => {} },
  })
  const onBytes = (more: number): void => void (counted += more)
  const outcome = await client.writes.blob('team/api', { blob, read, mountFrom, onBytes }, signal)
  return { outcome, counted }
}
const sent = () => registry.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`)

it('a small blob is sent at once', async () => {
  expect(await write(small)).toEqual({ outcome: 'sent', counted: small.length })
  expect(sent()).toEqual(['POST /v2/team/api/blobs/uploads/', `PUT ${place}`])
  expect(stored().equals(small)).toBe(true)
})

it('a large one is sent in pieces, of the size that the registry wants', async () => {
  registry.answer(
    '/v2/team/api/blobs/uploads/',
    status(202, { location: place, 'oci-chunk-min-length': '9000000' }),
  )
  expect(await write(large)).toEqual({ outcome: 'sent', counted: large.length })
  expect(registry.requests.slice(1).map(({ headers }) => headers['content-range'])).toEqual([
    '0-8999999',
    `9000000-${large.length - 1}`,
    undefined,
  ])
  expect(stored().equals(large)).toBe(true)
})

it('a registry that takes no pieces gets it as a whole', async () => {
  registry.fault(place, status(405, {}, { errors: [{ code: 'UNSUPPORTED' }] }), status(204))
  expect(await write(large)).toEqual({ outcome: 'sent', counted: large.length })
  expect(sent().slice(-2)).toEqual(['POST /v2/team/api/blobs/uploads/', `PUT ${place}`])
  expect(stored().equals(large)).toBe(true)
})

it('where the registry says how much it has, only the rest is sent', async () => {
  const hadBytes = 5_000_000
  registry.fault(
    place,
    (request, response) => {
      request.on('data', (part: Buffer) => {
        parts.push(part)
        if (stored().length < hadBytes) return
        parts = [stored().subarray(0, hadBytes)]
        response.socket?.resetAndDestroy()
      })
    },
    status(204, { location: place, range: `0-${hadBytes - 1}` }),
  )
  expect(await write(large)).toEqual({ outcome: 'sent', counted: large.length })
  expect(registry.requests[3]?.headers['content-range']).toBe(`${hadBytes}-${8 * 1024 * 1024 - 1}`)
  expect(stored().equals(large)).toBe(true)
})

it('what may not be mounted is sent', async () => {
  registry.fault('/v2/team/api/blobs/uploads/', status(403, {}, { errors: [{ code: 'DENIED' }] }))
  expect(await write(small, 'other/place')).toEqual({ outcome: 'sent', counted: small.length })
  expect(registry.requests.map(({ path }) => path.includes('mount='))).toEqual([true, false, false])
})

it('an upload goes on at the registry alone', async () => {
  const { host } = new URL(registry.url)
  // Behind a proxy it may not know the scheme that it is reached by.
  registry.answer('/v2/team/api/blobs/uploads/', status(202, { location: `https://${host}${place}` }))
  expect((await write(small)).outcome).toBe('sent')
  registry.answer('/v2/team/api/blobs/uploads/', status(202, { location: `http://other.example${place}` }))
  await expect(write(small)).rejects.toThrow(/go on somewhere else/)
  registry.answer('/v2/team/api/blobs/uploads/', status(202, { location: place }))
  registry.answer(place, status(307, { location: `http://other.example${place}` }))
  await expect(write(small)).rejects.toThrow(/redirects/)
})

it('an address of its own that reads like another host does not lead there', async () => {
  const elsewhere = await startFaultyRegistryDouble()
  try {
    const location = `${registry.url}//${elsewhere.host}/taken`
    registry.answer('/v2/team/api/blobs/uploads/', status(202, { location }))
    registry.answer(`//${elsewhere.host}/taken`, upload)
    expect((await write(small)).outcome).toBe('sent')
    expect(elsewhere.requests).toEqual([])
  } finally {
    await elsewhere.stop()
  }
})

it('nothing of a blob is closed whose source breaks off', async () => {
  const broken = new SourceError('digest-mismatch', 'not what it should be')
  for (const bytes of [small, large]) {
    const reading = write(bytes, null, async function* () {
      yield bytes.subarray(0, bytes.length - 1)
      throw broken
    })
    await expect(reading).rejects.toBe(broken)
  }
  expect(sent().some(line => line.startsWith('PUT'))).toBe(false)
})
