import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Epss } from '@plimsoll/types'
import Papa from 'papaparse'
import { isCve } from './aliases.ts'
import { UnreadableFeed } from './place.ts'
import {
  dayOf,
  rejections,
  type ThreatLimits,
  type ThreatList,
  threatLimits,
  withAnyFile,
} from './threat-list.ts'

const name = 'epss_scores-current.csv'
const paths = [`epss/${name}.gz`, `epss/${name}`, `${name}.gz`, name]

/**
 * FIRST's daily scores (https://www.first.org/epss/data_stats): `epss/epss_scores-current.csv.gz` of a place, or the
 * same without `.gz`, or the file itself where the place is its publisher's address. A first line with the model's
 * version and the date, a line of column names, then a line for each CVE. Streaming; a line that makes no sense is
 * passed over.
 *
 * @param location a folder or an http(s) address.
 * @param wanted the CVEs to yield: the list has some 300,000.
 * @returns null when the place has no such file.
 * @throws UnreadableFeed when the place cannot be reached, or the file is no such list.
 */
export async function* readEpss(
  location: string,
  signal: AbortSignal,
  wanted: { has(cve: string): boolean },
  limits: ThreatLimits = threatLimits,
): AsyncGenerator<readonly [cve: string, epss: Epss], ThreatList | null> {
  let list: ThreatList | null = null
  yield* withAnyFile(location, paths, signal, limits, async function* (file) {
    list = yield* scores(readRows(file, signal, limits.maxListBytes), wanted)
  })
  return list
}

async function* scores(
  batches: AsyncIterable<readonly string[][]>,
  wanted: { has(cve: string): boolean },
): AsyncGenerator<readonly [cve: string, epss: Epss], ThreatList> {
  const left = rejections('line', 'lines')
  let asOf: string | null = null
  let columns: readonly number[] | null = null
  for await (const rows of batches) {
    for (const row of rows) {
      // The end of the last line begins an empty one.
      if (row.length === 1 && row[0] === '') continue
      if (columns === null && row[0]?.startsWith('#')) asOf = scoreDate(row)
      else if (columns === null) columns = columnsOf(row)
      else {
        const [cve = '', probability, percentile] = columns.map(at => row[at])
        const [share, rank] = [fractionOf(probability), fractionOf(percentile)]
        if (!isCve(cve)) left.add('no CVE is named')
        else if (share === null || rank === null) left.add('a figure is not between 0 and 1')
        else if (wanted.has(cve)) yield [cve, { probability: share, percentile: rank, asOf }]
      }
    }
  }
  if (columns === null) throw new UnreadableFeed(`${name} is empty`)
  return { asOf, ...left.result() }
}

/** `#model_version:v2025.03.14,score_date:2026-11-20T12:55:00Z` */
function scoreDate(row: readonly string[]): string | null {
  const [, date = null] = /score_date:(.*)/.exec(row.join(',')) ?? []
  return dayOf(date)
}

function columnsOf(row: readonly string[]): readonly number[] {
  const columns = ['cve', 'epss', 'percentile'].map(column => row.indexOf(column))
  if (columns.includes(-1)) throw new UnreadableFeed(`${name} has no columns "cve,epss,percentile"`)
  return columns
}

/** A plain decimal from 0 to 1; scores below 0.0001 come as 9e-05. */
function fractionOf(text: string | undefined): number | null {
  if (text === undefined || !/^[0-9]+(\.[0-9]*)?(e-?[0-9]+)?$/i.test(text)) return null
  const number = Number(text)
  return number <= 1 ? number : null
}

/** Longer lines are no scores, and must not be gathered in memory. */
const maxLineBytes = 10_000
/** Large pieces: what follows the last line break of one is parsed again with the next. */
const chunkBytes = 1024 * 1024

/** The rows of a file, as many at a time as are read at a time. */
async function* readRows(file: string, signal: AbortSignal, maxBytes: number): AsyncGenerator<string[][]> {
  const inflated = (await isGzip(file)) ? [createGunzip({ chunkSize: chunkBytes })] : []
  const source = createReadStream(file, { signal, highWaterMark: chunkBytes })
  const bounded = boundedLines(maxBytes)
  const batches = new PassThrough({ objectMode: true, highWaterMark: 2 })
  // An error of any stream ends up in `batches`, where the loop below throws it.
  pipeline([source, ...inflated, bounded]).catch((error: unknown) => batches.destroy(error as Error))
  Papa.parse<string[]>(bounded, {
    delimiter: ',',
    chunk({ data }, parser) {
      if (batches.destroyed) parser.abort()
      else if (!batches.write(data)) {
        parser.pause()
        batches.once('drain', () => parser.resume())
      }
    },
    complete: () => batches.end(),
    error: error => batches.destroy(error),
  })
  try {
    yield* batches as AsyncIterable<string[][]>
  } catch (error) {
    if (signal.aborted) throw error
    throw new UnreadableFeed(`${name} cannot be read: ${(error as Error).message}`, { cause: error })
  } finally {
    source.destroy()
  }
}

/** Hands on text, and fails where it grows beyond what a list of scores is. */
function boundedLines(maxBytes: number): Transform {
  let bytes = 0
  let lineBytes = 0
  return new Transform({
    encoding: 'utf8',
    transform(chunk: Buffer, _encoding, done) {
      const lineEnd = chunk.lastIndexOf(0x0a)
      bytes += chunk.length
      lineBytes = lineEnd === -1 ? lineBytes + chunk.length : chunk.length - lineEnd
      if (bytes > maxBytes) done(new Error(`it is larger than ${maxBytes} bytes`))
      else if (lineBytes > maxLineBytes) done(new Error(`a line is longer than ${maxLineBytes} bytes`))
      else done(null, chunk)
    },
  })
}

/** By its first bytes: a web server may have inflated what its name calls compressed. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}
