import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type EntryToWrite, zipArchive } from './testdata/zip-writer.ts'
import { readZip, UnreadableZip } from './zip.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-zip-'))
afterAll(() => rmSync(folder, { recursive: true }))

const limits = { maxEntries: 100, maxEntryBytes: 1_000_000, maxTotalBytes: 3_000_000 }

async function read(archive: Uint8Array, bounds = limits) {
  const path = join(folder, 'archive.zip')
  writeFileSync(path, archive)
  const entries = await Array.fromAsync(readZip(path, bounds))
  return entries.map(({ name, content }) => [name, content.toString()])
}

const refused = (entries: readonly EntryToWrite[], message: RegExp | string) =>
  expect(read(zipArchive(entries))).rejects.toThrow(message)

describe('a zip archive', () => {
  it('gives its files in order, inflated, and passes over folders', async () => {
    const archive = zipArchive([
      { name: 'b.json', content: '{"b":1}' },
      { name: 'folder/', content: '', stored: true },
      { name: 'folder/ä.json', content: 'stored', stored: true },
      { name: 'empty', content: '' },
    ])
    expect(await read(archive)).toEqual([
      ['b.json', '{"b":1}'],
      ['folder/ä.json', 'stored'],
      ['empty', ''],
    ])
    expect(await read(zipArchive([]))).toEqual([])
  })

  it('may be larger than the windows it is read in', async () => {
    const noise = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) % 251))
    const entries = ['a', 'b', 'c', 'd'].map(name => ({ name, content: noise, stored: true }))
    const found = await read(zipArchive(entries), { ...limits, maxEntryBytes: 4e6, maxTotalBytes: 2e7 })
    expect(found.map(([name]) => name)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('that is a bomb ends in an error, whatever it claims to inflate to', async () => {
    const zeroes = Buffer.alloc(2_000_000)
    const message = /bomb inflates to more than the 1000000 bytes that are allowed/
    await refused([{ name: 'bomb', content: zeroes }], message)
    await refused([{ name: 'bomb', content: zeroes, claimedBytes: 10 }], message)
    await refused([{ name: 'bomb', content: zeroes, stored: true }], message)
  })

  it('of many large files ends in an error', async () => {
    const content = Buffer.alloc(900_000)
    const entries = ['a', 'b', 'c', 'd'].map(name => ({ name, content }))
    await refused(entries, /d inflates to more than the 300000 bytes/)
    await expect(read(zipArchive(entries), { ...limits, maxEntries: 3 })).rejects.toThrow(
      /has 4 entries; at most 3/,
    )
  })

  it('that is damaged ends in an error', async () => {
    await refused(
      [{ name: 'a', content: 'text', claimedCrc32: 1 }],
      'a is damaged: its checksum does not match',
    )
    const archive = zipArchive([{ name: 'a', content: 'text'.repeat(100) }])
    await expect(read(archive.subarray(0, -30))).rejects.toThrow(UnreadableZip)
    await expect(read(Buffer.from('no archive at all'))).rejects.toThrow(/cannot be read as a zip archive/)
    await expect(read(Buffer.alloc(0))).rejects.toThrow(UnreadableZip)
  })

  it('is never followed by anything but entries or an UnreadableZip', async () => {
    const archive = zipArchive([
      { name: 'a', content: 'text'.repeat(100) },
      { name: 'b', content: 'more' },
    ])
    const damage = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.integer({ min: 0, max: 255 })), {
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length), damage, async (length, overwritten) => {
        const bytes = Uint8Array.from(archive.subarray(0, length))
        for (const [at, value] of overwritten) if (at < bytes.length) bytes[at] = value
        await read(bytes).catch(error => expect(error).toBeInstanceOf(UnreadableZip))
      }),
      { numRuns: 300, seed: 6 },
    )
  })

  it('that is not there is named', async () => {
    const missing = join(folder, 'missing.zip')
    await expect(Array.fromAsync(readZip(missing, limits))).rejects.toThrow(missing)
  })

  it('may be left before its end', async () => {
    const path = join(folder, 'left.zip')
    writeFileSync(path, zipArchive(['a', 'b', 'c'].map(name => ({ name, content: name }))))
    for await (const { name } of readZip(path, limits)) {
      expect(name).toBe('a')
      break
    }
  })
})
