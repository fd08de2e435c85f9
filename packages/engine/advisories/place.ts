import { createWriteStream } from 'node:fs'
import { access, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ecosystems } from '../ecosystems/index.ts'

/** Advisories that cannot be had: the place does not answer, or what it holds is no feed. For people. */
export class UnreadableFeed extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'UnreadableFeed'
  }
}

/**
 * The folders to read of a place laid out as OSV's bucket, `<folder>/all.zip`: Debian, Ubuntu, Alpine. Adding an
 * ecosystem adds its folders.
 */
export const advisoryFolders: readonly string[] = [
  ...new Set(ecosystems.flatMap(ecosystem => ecosystem.advisoryFolders)),
]

export interface DownloadLimits {
  readonly maxDownloadBytes: number
  /** A server that says nothing for this long is not going to. */
  readonly silenceTimeoutMs: number
}

const isUrl = (location: string): boolean => /^https?:\/\//i.test(location)

/**
 * Whether a place can be one at all, before anything is asked of it: a folder that is there, or an http(s) address.
 * @throws UnreadableFeed
 */
export async function checkPlace(location: string): Promise<void> {
  if (isUrl(location) ? URL.canParse(location) : await isFolder(location)) return
  throw new UnreadableFeed(
    `There are no advisories at "${location}": it is neither a folder nor an http(s) address.`,
  )
}

/**
 * Hands over a file of a place as a path, for as long as `use` runs: the file itself in a folder, a download that is
 * removed afterwards from a web address.
 *
 * @param location a folder, or an http(s) address.
 * @param path of the file below it, in plain letters: `Rocky Linux/all.zip`.
 * @returns what `use` yields; nothing, and false, when the place has no such file.
 * @throws UnreadableFeed when the place cannot be reached, or answers with an error.
 */
export async function* withFile<T>(
  location: string,
  path: string,
  signal: AbortSignal,
  limits: DownloadLimits,
  use: (file: string) => AsyncIterable<T>,
): AsyncGenerator<T, boolean> {
  if (!isUrl(location)) {
    const file = join(location, path)
    if (!(await exists(file))) return false
    yield* use(file)
    return true
  }
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-feed-'))
  try {
    const file = join(folder, 'download')
    if (!(await download(addressOf(location, path), file, signal, limits))) return false
    yield* use(file)
    return true
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `https://host/bucket` and `Rocky Linux/all.zip` make `https://host/bucket/Rocky%20Linux/all.zip`. */
export function addressOf(location: string, path: string): URL {
  const base = new URL(location)
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  base.pathname += path.split('/').map(encodeURIComponent).join('/')
  return base
}

async function download(
  address: URL,
  file: string,
  signal: AbortSignal,
  { maxDownloadBytes, silenceTimeoutMs }: DownloadLimits,
): Promise<boolean> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), silenceTimeoutMs)
  try {
    const response = await fetch(address, { signal: AbortSignal.any([signal, silence.signal]) })
    if (response.status === 404) {
      await response.body?.cancel()
      return false
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      throw new UnreadableFeed(`${address.href} answered ${response.status} ${response.statusText}`.trim())
    }
    let bytes = 0
    await pipeline(
      Readable.fromWeb(response.body),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          timer.refresh()
          bytes += chunk.length
          if (bytes > maxDownloadBytes)
            throw new UnreadableFeed(`${address.href} is larger than ${maxDownloadBytes} bytes`)
          yield chunk
        }
      },
      createWriteStream(file),
    )
    return true
  } catch (error) {
    if (error instanceof UnreadableFeed || signal.aborted) throw error
    const why = silence.signal.aborted
      ? `nothing came for ${silenceTimeoutMs / 1000} seconds`
      : causeOf(error)
    throw new UnreadableFeed(`${address.href} could not be read: ${why}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** `fetch` hides what went wrong one level down: "fetch failed", cause "connect ECONNREFUSED 127.0.0.1:80". */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message : message
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file)
    return true
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code === 'ENOENT' ||
      (error as NodeJS.ErrnoException).code === 'ENOTDIR'
    )
      return false
    throw new UnreadableFeed(`${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}
