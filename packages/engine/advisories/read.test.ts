import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { zipArchive } from '../formats/testdata/zip-writer.ts'
import { shared } from '../testdata/shared.ts'
import { addressOf, advisoryFolders, checkPlace, UnreadableFeed } from './place.ts'
import { type FeedRecord, feedLimits, readCveFacts, readOsvZip } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-place-'))
afterAll(() => rmSync(folder, { recursive: true }))

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A web server on loopback. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  closing.push(
    () =>
      new Promise(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function place(name: string, files: Record<string, Uint8Array>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, name, path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, content)
  }
  return join(folder, name)
}

const never = new AbortController().signal
const feed = zipArchive([
  { name: 'A-1.json', content: JSON.stringify({ id: 'A-1' }) },
  { name: 'A-2.json', content: '{ "id": ' },
  { name: 'readme.txt', content: 'no record' },
  { name: 'A-3.json', content: '{}' },
  { name: 'A-4.json', content: JSON.stringify({ id: 'A-4', published: 'x' }) },
])

const summaryOf = (all: readonly FeedRecord[]) =>
  all.map(one => (one.kind === 'advisory' ? [one.advisory.id, one.notes.length] : [one.name, one.reason]))
const records = (location: string, name = 'Debian', signal = never) =>
  Array.fromAsync(readOsvZip(location, name, signal))

describe('a feed of OSV records', () => {
  it('is read record by record: a bad one costs nothing but itself', async () => {
    expect(summaryOf(await records(place('plain', { 'Debian/all.zip': feed })))).toEqual([
      ['A-1', 0],
      ['A-2.json', expect.stringMatching(/^it is not JSON: /)],
      ['A-3.json', 'the record has no id'],
      ['A-4', 1],
    ])
  })

  it('is read from a web address the same way, spaces and all, and leaves nothing behind', async () => {
    const asked: (string | undefined)[] = []
    const url = await serve((request, response) => {
      asked.push(request.url)
      response.end(feed)
    })
    const before = readdirSync(tmpdir()).filter(name => name.startsWith('plimsoll-feed-'))
    expect(await records(`${url}/bucket`, 'Rocky Linux')).toHaveLength(4)
    expect(asked).toEqual(['/bucket/Rocky%20Linux/all.zip'])
    expect(readdirSync(tmpdir()).filter(name => name.startsWith('plimsoll-feed-'))).toEqual(before)
    expect(addressOf('https://a.example/b/', 'Debian/all.zip').href).toBe(
      'https://a.example/b/Debian/all.zip',
    )
  })

  it('that is not there is no error: the place has none', async () => {
    const url = await serve((_, response) => response.writeHead(404).end())
    for (const location of [place('empty', { other: Buffer.from('') }), url]) {
      const reading = readOsvZip(location, 'Debian', never)
      expect(await reading.next()).toEqual({ done: true, value: false })
    }
  })

  it.each([
    ['an error', 500, /answered 500/],
    ['a refusal', 403, /answered 403/],
  ])('behind %s is an error that says so', async (_what, status, message) => {
    const url = await serve((_, response) => response.writeHead(status).end('no'))
    await expect(records(url)).rejects.toThrow(UnreadableFeed)
    await expect(records(url)).rejects.toThrow(message)
  })

  it('that ends early, or is no archive, is an error', async () => {
    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-length': feed.length })
      response.write(feed.subarray(0, 100), () => response.destroy())
    })
    await expect(records(cut)).rejects.toThrow(UnreadableFeed)
    await expect(records(place('torn', { 'Debian/all.zip': feed.subarray(0, 200) }))).rejects.toThrow(
      UnreadableFeed,
    )
    await expect(records('http://127.0.0.1:1')).rejects.toThrow(UnreadableFeed)
  })

  it('that is a bomb is an error', async () => {
    const bomb = zipArchive([{ name: 'A-1.json', content: Buffer.alloc(1000) }])
    const limits = { ...feedLimits, maxEntryBytes: 999 }
    const reading = Array.fromAsync(
      readOsvZip(place('bomb', { 'Debian/all.zip': bomb }), 'Debian', never, limits),
    )
    await expect(reading).rejects.toThrow(/inflates to more than the 999 bytes/)
  })

  it.each([
    [{ maxDownloadBytes: 100 }, /is larger than 100 bytes/],
    [{ silenceTimeoutMs: 300 }, /nothing came for 0.3 seconds/],
  ])('whose server has no end, or none to its silence, is an error: %j', async (limit, message) => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': feed.length })
      response.write(feed.subarray(0, 101))
    })
    const reading = Array.fromAsync(readOsvZip(url, 'Debian', never, { ...feedLimits, ...limit }))
    await expect(reading).rejects.toThrow(UnreadableFeed)
    await expect(reading).rejects.toThrow(message)
  })

  it('is given up when nobody wants it any more', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': feed.length })
      response.write(feed.subarray(0, 10))
    })
    const cancelled = new AbortController()
    const reading = records(url, 'Debian', cancelled.signal)
    cancelled.abort()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('of the shared data is read whole, and in seconds', async () => {
    const advisories = shared('advisories')
    if (advisories === null) return
    const started = performance.now()
    for (const [name, count] of [
      ['Debian', 10_169],
      ['Ubuntu', 13_408],
      ['Alpine', 3_819],
    ] as const) {
      const all = await records(advisories, name)
      expect(all.filter(one => one.kind === 'rejected')).toEqual([])
      expect(all).toHaveLength(count)
    }
    expect(performance.now() - started).toBeLessThan(30_000)
  })

  it('of any ecosystem is survived, upstream’s mistakes included', async () => {
    const advisories = shared('advisories')
    if (advisories === null) return
    for (const [name, least] of [
      ['AlmaLinux', 2782],
      ['Go', 2136],
      ['Maven', 281],
      ['NuGet', 15],
      ['Packagist', 1594],
      ['PyPI', 1350],
      ['Rocky Linux', 178],
      ['crates.io', 1214],
      ['npm', 406],
    ] as const) {
      const all = await records(advisories, name)
      expect(all.filter(one => one.kind === 'rejected')).toEqual([])
      expect(all.length).toBeGreaterThanOrEqual(least)
    }
  })
})

describe('facts of CVEs beside the feeds', () => {
  const lines = [
    '{"id":"CVE-2024-0001"}',
    'no JSON',
    '{"id":"CVE-2024-0002"}',
    '{"id":"CVE-2024-0003"}',
  ].join('\n')
  const all = { has: () => true }
  const ids = async (location: string, wanted: { has(id: string): boolean } = all) =>
    (await Array.fromAsync(readCveFacts(location, never, wanted))).map(({ id }) => id)

  it('are read from either file, only those wanted', async () => {
    const cve = zipArchive([{ name: 'x.json', content: '{"cveMetadata":{"cveId":"CVE-2024-0009"}}' }])
    const both = place('both', { 'cve/cve-severity.ndjson.gz': gzipSync(lines), 'cve/all.zip': cve })
    expect(await ids(both)).toEqual(['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003', 'CVE-2024-0009'])
    expect(await ids(both, new Set(['CVE-2024-0002', 'CVE-2024-0009']))).toEqual([
      'CVE-2024-0002',
      'CVE-2024-0009',
    ])
    expect(await ids(place('neither', { x: Buffer.from('') }))).toEqual([])
  })

  it('that are damaged are an error', async () => {
    const torn = place('torn-gzip', { 'cve/cve-severity.ndjson.gz': gzipSync(lines).subarray(0, 30) })
    await expect(ids(torn)).rejects.toThrow(UnreadableFeed)
    const endless = place('endless', {
      'cve/cve-severity.ndjson.gz': gzipSync(Buffer.alloc(20_000_000, 'x')),
    })
    await expect(ids(endless)).rejects.toThrow(/a line is longer than/)
  })
})

describe('a place', () => {
  it('is a folder or a web address', async () => {
    await checkPlace(folder)
    await checkPlace('https://example.com/bucket')
    for (const nowhere of ['', join(folder, 'missing'), 'ftp://example.com', 'http://', 'https://:0:0']) {
      await expect(checkPlace(nowhere)).rejects.toThrow(UnreadableFeed)
    }
  })

  it('is asked for what the ecosystems need', () => {
    expect(advisoryFolders).toEqual(expect.arrayContaining(['Debian', 'Ubuntu', 'Alpine']))
    expect(new Set(advisoryFolders).size).toBe(advisoryFolders.length)
  })
})
