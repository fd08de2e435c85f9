import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { epssSchema, kevSchema } from '@plimsoll/types'
import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { shared } from '../testdata/shared.ts'
import { readEpss } from './epss.ts'
import { readKev } from './kev.ts'
import { UnreadableFeed } from './place.ts'
import { dayOf, threatLimits } from './threat-list.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-threats-'))
afterAll(() => rmSync(folder, { recursive: true }))

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A place with one file, as a folder. */
let places = 0
function place(path: string, content: string | Uint8Array): string {
  places += 1
  const file = join(folder, String(places), path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, content)
  return join(folder, String(places))
}

/** A place with one file, as a web address. */
async function web(path: string, content: string | Uint8Array): Promise<string> {
  const server = createServer((request, response) =>
    request.url === path ? response.end(content) : response.writeHead(404).end(),
  )
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

const never = new AbortController().signal
const everything = { has: () => true }

const kevFile = 'kev/known_exploited_vulnerabilities.json'
const catalogue = (vulnerabilities: unknown, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    catalogVersion: '2026.11.20',
    dateReleased: '2026-11-20T17:04:19.9796Z',
    vulnerabilities,
    ...more,
  })
const entry = {
  cveID: 'CVE-2024-0001',
  dateAdded: '2024-03-29',
  dueDate: '2024-04-19',
  requiredAction: 'Apply mitigations.',
  knownRansomwareCampaignUse: 'Known',
}
const kev = {
  addedOn: '2024-03-29',
  dueOn: '2024-04-19',
  ransomware: true,
  requiredAction: 'Apply mitigations.',
}

describe('the catalogue of known exploited vulnerabilities', () => {
  it('is read from a place, or from its publisher’s folder', async () => {
    const expected = {
      asOf: '2026-11-20',
      entries: new Map([['CVE-2024-0001', kev]]),
      rejected: 0,
      notes: [],
    }
    const text = catalogue([entry])
    expect(await readKev(place(kevFile, text), never)).toEqual(expected)
    expect(await readKev(place('known_exploited_vulnerabilities.json', `\uFEFF${text}`), never)).toEqual(
      expected,
    )
    expect(await readKev(await web(`/${kevFile}`, text), never)).toEqual(expected)
    const publisher = await web('/feeds/known_exploited_vulnerabilities.json', text)
    expect(await readKev(`${publisher}/feeds`, never)).toEqual(expected)
  })

  it('that a place does not have is no failure', async () => {
    expect(await readKev(place('x', ''), never)).toBeNull()
    expect(await readKev(await web('/x', ''), never)).toBeNull()
  })

  it('loses an entry that makes no sense, and counts it', async () => {
    const list = await readKev(
      place(
        kevFile,
        catalogue([
          null,
          { ...entry, cveID: 'GHSA-a' },
          { ...entry, cveID: '__proto__' },
          { ...entry, dateAdded: '2024-02-31' },
          {
            cveID: 'CVE-2024-0002',
            dateAdded: '2024-03-29',
            dueDate: 'soon',
            knownRansomwareCampaignUse: 'Unknown',
          },
        ]),
      ),
      never,
    )
    expect(list).toEqual({
      asOf: '2026-11-20',
      rejected: 4,
      notes: ['3 entries: no CVE is named', '1 entry: the day it was added is missing'],
      entries: new Map([
        ['CVE-2024-0002', { addedOn: '2024-03-29', dueOn: null, ransomware: false, requiredAction: null }],
      ]),
    })
  })

  it('is of the day it says, in either field, or of none', async () => {
    const asOf = async (more: Record<string, unknown>) =>
      (await readKev(place(kevFile, catalogue([entry], more)), never))?.asOf
    expect(await asOf({ dateReleased: undefined })).toBe('2026-11-20')
    expect(await asOf({ dateReleased: 'today', catalogVersion: 7 })).toBeNull()
  })

  it.each(['', 'no JSON', '[]', '{}', '{"vulnerabilities": {}}', catalogue([entry]).slice(0, 100)])(
    'that is none is an error: %s',
    async text => {
      await expect(readKev(place(kevFile, text), never)).rejects.toThrow(UnreadableFeed)
    },
  )

  it('that is too large is an error', async () => {
    const limits = { ...threatLimits, maxListBytes: 100 }
    await expect(readKev(place(kevFile, catalogue([entry])), never, limits)).rejects.toThrow(
      /larger than 100 bytes/,
    )
  })

  it('of the shared data is read whole', async () => {
    const advisories = shared('advisories')
    if (advisories === null) return
    const list = await readKev(advisories, never)
    expect(list).toMatchObject({ asOf: '2025-08-25', rejected: 0 })
    expect(list?.entries.size).toBe(1404)
    expect(list?.entries.get('CVE-2021-44228')).toMatchObject({ addedOn: '2021-12-10', ransomware: true })
    for (const one of list?.entries.values() ?? []) expect(kevSchema.safeParse(one).success).toBe(true)
  })
})

const epssFile = 'epss/epss_scores-current.csv'
const head = '#model_version:v2025.03.14,score_date:2026-11-20T12:55:00Z\ncve,epss,percentile\n'

async function scores(
  location: string,
  wanted: { has(cve: string): boolean } = everything,
  limits = threatLimits,
) {
  const reading = readEpss(location, never, wanted, limits)
  const found = []
  for (;;) {
    const { done, value } = await reading.next()
    if (done) return { found, list: value }
    found.push(value)
  }
}

describe('the scores of exploit prediction', () => {
  const text = `${head}CVE-2024-0001,0.94334,0.99912\nCVE-2024-0002,9e-05,0\n`
  const asOf = '2026-11-20'
  const found = [
    ['CVE-2024-0001', { probability: 0.94334, percentile: 0.99912, asOf }],
    ['CVE-2024-0002', { probability: 0.00009, percentile: 0, asOf }],
  ]
  const expected = { found, list: { asOf, rejected: 0, notes: [] } }

  it('are read from a place or from their publisher’s address, packed or not', async () => {
    expect(await scores(place(`${epssFile}.gz`, gzipSync(text)))).toEqual(expected)
    expect(await scores(place(epssFile, text.replaceAll('\n', '\r\n')))).toEqual(expected)
    // A web server may send what it has packed as if it were plain, and the other way round.
    expect(await scores(place(`${epssFile}.gz`, text))).toEqual(expected)
    expect(await scores(await web('/epss_scores-current.csv.gz', gzipSync(text)))).toEqual(expected)
    expect(await scores(place(epssFile, text), new Set(['CVE-2024-0002', 'CVE-2024-0003']))).toEqual({
      ...expected,
      found: found.slice(1),
    })
  })

  it('that a place does not have are no failure', async () => {
    expect(await scores(place('x', ''))).toEqual({ found: [], list: null })
  })

  it('lose a line that makes no sense, and count it', async () => {
    const lines = [
      'CVE-2024-0001,0.5,0.5',
      'GHSA-a,0.5,0.5',
      'CVE-2024-0002,1.5,0.5',
      'CVE-2024-0003,-0.5,0.5',
      'CVE-2024-0004,0x1,0.5',
      'CVE-2024-0005,NaN,0.5',
      'CVE-2024-0006,,0.5',
      'CVE-2024-0007,0.5',
      '"CVE-2024-0008",0.5,1,more',
      '',
      '"CVE-2024-0009',
    ]
    const { found, list } = await scores(place(epssFile, head + lines.join('\n')))
    expect(found.map(([cve]) => cve)).toEqual(['CVE-2024-0001', 'CVE-2024-0008'])
    expect(list).toEqual({
      asOf,
      rejected: 8,
      notes: ['1 line: no CVE is named', '7 lines: a figure is not between 0 and 1'],
    })
  })

  it('may say no date, and name their columns in any order', async () => {
    expect(await scores(place(epssFile, 'percentile,cve,epss\n0.2,CVE-2024-0001,0.1\n'))).toEqual({
      found: [['CVE-2024-0001', { probability: 0.1, percentile: 0.2, asOf: null }]],
      list: { asOf: null, rejected: 0, notes: [] },
    })
    expect((await scores(place(epssFile, head))).list).toEqual({ asOf, rejected: 0, notes: [] })
  })

  it.each([
    ['empty', '', /is empty/],
    ['something else', '<html>\n<p>no</p>', /has no columns/],
    ['without a column', 'cve,epss\nCVE-2024-0001,0.1', /has no columns/],
    ['torn', gzipSync(text).subarray(0, 40), /cannot be read/],
    ['one endless line', 'x'.repeat(3_000_000), /a line is longer than/],
    ['one endless line, packed', gzipSync('x'.repeat(3_000_000)), /a line is longer than/],
    ['larger than allowed', head + 'CVE-2024-0001,0.1,0.2\n'.repeat(100_000), /larger than 2000000 bytes/],
  ])('that are %s are an error', async (_what, content, message) => {
    const reading = scores(place(epssFile, content), everything, { ...threatLimits, maxListBytes: 2_000_000 })
    await expect(reading).rejects.toThrow(UnreadableFeed)
    await expect(reading).rejects.toThrow(message)
  })

  it('are read in order, at any pace', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `CVE-2024-${10_000 + at},0.${at},0.5`)
    const location = place(`${epssFile}.gz`, gzipSync(head + rows.join('\n')))
    const reading = readEpss(location, never, everything)
    let count = 0
    for await (const [cve, epss] of reading) {
      if (count % 1000 === 0) await new Promise(setImmediate)
      if (count % 1000 === 0) expect(epssSchema.safeParse(epss).success).toBe(true)
      expect(cve).toBe(`CVE-2024-${10_000 + count}`)
      count += 1
    }
    expect(count).toBe(20_000)
    // And whoever wants no more leaves nothing behind.
    for await (const [cve] of readEpss(location, never, everything)) if (cve) break
  })

  it('are given up when nobody wants them any more', async () => {
    const cancelled = new AbortController()
    const reading = readEpss(place(epssFile, text), cancelled.signal, everything)
    cancelled.abort()
    await expect(Array.fromAsync(reading)).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('are scores or an error, whatever the file holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string()), async content => {
        const bytes = typeof content === 'string' ? Buffer.from(head + content) : content
        try {
          const { found } = await scores(place(epssFile, bytes))
          for (const [, epss] of found) expect(epssSchema.safeParse(epss).success).toBe(true)
        } catch (error) {
          if (!(error instanceof UnreadableFeed)) throw error
        }
      }),
    )
  })
})

describe('a day', () => {
  it.each([
    ['2024-02-29', '2024-02-29'],
    ['2024-02-29T00:00:00Z', '2024-02-29'],
    ['2023-02-29', null],
    ['2024-13-01', null],
    ['2024-1-1', null],
    ['2024-01-011', null],
    ['', null],
    [null, null],
  ])('of %j is %s', (text, day) => expect(dayOf(text)).toBe(day))
})
