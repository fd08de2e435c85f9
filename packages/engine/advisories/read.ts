import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { readZip, UnreadableZip, type ZipLimits } from '../formats/zip.ts'
import type { CveFacts } from './advisory.ts'
import { parseCveFile } from './cve-facts.ts'
import { InvalidRecord, parseOsvRecord, type ReadAdvisory } from './osv.ts'
import { type DownloadLimits, UnreadableFeed, withFile } from './place.ts'

/** What one record of a feed gave: an advisory, or the reason why it could not be used. */
export type FeedRecord =
  | ({ readonly kind: 'advisory' } & ReadAdvisory)
  | { readonly kind: 'rejected'; readonly name: string; readonly reason: string }

export type FeedLimits = ZipLimits & DownloadLimits

/** The largest published records are some 2 MB, the largest feeds some 400,000 records and 3 GB. */
export const feedLimits: FeedLimits = {
  maxEntries: 2_000_000,
  maxEntryBytes: 64 * 1024 * 1024,
  maxTotalBytes: 32 * 1024 ** 3,
  maxDownloadBytes: 4 * 1024 ** 3,
  silenceTimeoutMs: 60_000,
}

/**
 * The OSV records of `<location>/<folder>/all.zip`, one after the other. A record that cannot be used is yielded with
 * its reason and costs nothing but itself.
 *
 * @param location a folder or an http(s) address laid out as OSV's bucket.
 * @returns false when the place has no such feed.
 * @throws UnreadableFeed when the place cannot be reached, the archive is damaged or it inflates beyond the limits.
 */
export async function* readOsvZip(
  location: string,
  folder: string,
  signal: AbortSignal,
  limits: FeedLimits = feedLimits,
): AsyncGenerator<FeedRecord, boolean> {
  return yield* withFile(location, `${folder}/all.zip`, signal, limits, async function* (file) {
    for await (const { name, json } of readJsonZip(file, signal, limits)) yield readRecord(name, json)
  })
}

function readRecord(name: string, json: Json): FeedRecord {
  if (!json.ok) return { kind: 'rejected', name, reason: json.reason }
  try {
    return { kind: 'advisory', ...parseOsvRecord(json.value) }
  } catch (error) {
    if (!(error instanceof InvalidRecord)) throw error
    return { kind: 'rejected', name, reason: error.message }
  }
}

/**
 * What the place says of CVEs, beside its feeds: `cve/cve-severity.ndjson.gz` (a JSON line for each CVE) and
 * `cve/all.zip` (files of cvelistV5, or answers of NVD's API 2.0). Yields nothing where it has neither.
 *
 * @param wanted the ids to keep: the public lists hold some 300,000, and feeds name a tenth of them.
 * @throws UnreadableFeed
 */
export async function* readCveFacts(
  location: string,
  signal: AbortSignal,
  wanted: { has(id: string): boolean },
  limits: FeedLimits = feedLimits,
): AsyncGenerator<CveFacts> {
  yield* withFile(location, 'cve/cve-severity.ndjson.gz', signal, limits, async function* (file) {
    for await (const line of readLines(file, signal)) {
      const json = parseJson(line)
      if (json.ok) for (const facts of parseCveFile(json.value)) if (wanted.has(facts.id)) yield facts
    }
  })
  yield* withFile(location, 'cve/all.zip', signal, limits, async function* (file) {
    for await (const { json } of readJsonZip(file, signal, limits)) {
      if (json.ok) for (const facts of parseCveFile(json.value)) if (wanted.has(facts.id)) yield facts
    }
  })
}

type Json = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string }

function parseJson(text: string): Json {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, reason: `it is not JSON: ${(error as Error).message}` }
  }
}

async function* readJsonZip(file: string, signal: AbortSignal, limits: ZipLimits) {
  try {
    for await (const { name, content } of readZip(file, limits)) {
      signal.throwIfAborted()
      if (name.endsWith('.json')) yield { name, json: parseJson(content.toString('utf8')) }
    }
  } catch (error) {
    if (error instanceof UnreadableZip) throw new UnreadableFeed(error.message, { cause: error })
    throw error
  }
}

/** Longer lines are no facts of a CVE, and must not be gathered in memory. */
const maxLineChars = 4 * 1024 * 1024

async function* readLines(file: string, signal: AbortSignal): AsyncGenerator<string> {
  let rest = ''
  const text = createGunzip().setEncoding('utf8')
  // An error of either stream ends up in `text`, where the loop below throws it.
  pipeline(createReadStream(file, { signal }), text).catch(() => {})
  try {
    for await (const chunk of text as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > maxLineChars) throw new Error(`a line is longer than ${maxLineChars} characters`)
      yield* lines
    }
    if (rest !== '') yield rest
  } catch (error) {
    if (signal.aborted) throw error
    throw new UnreadableFeed(`${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}
