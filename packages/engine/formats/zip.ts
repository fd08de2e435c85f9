import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32, inflateRawSync } from 'node:zlib'
import yauzl from 'yauzl'

/** A zip archive that is damaged, or larger than it may be. The message is a sentence that names the file. */
export class UnreadableZip extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'UnreadableZip'
  }
}

export interface ZipLimits {
  readonly maxEntries: number
  /** Of one entry, inflated. */
  readonly maxEntryBytes: number
  /** Of all entries together, inflated. */
  readonly maxTotalBytes: number
}

export interface ZipEntry {
  readonly name: string
  readonly content: Buffer
}

/**
 * Inflates the files of a zip archive one after the other, in the archive's order. No more of it is in memory than
 * one entry and two windows of the file, and nothing is written anywhere.
 *
 * Sizes are limited by what is really inflated, not by what the archive claims; checksums are verified.
 * @throws UnreadableZip
 */
export async function* readZip(path: string, limits: ZipLimits): AsyncGenerator<ZipEntry> {
  let reader: WindowedFile | null = null
  try {
    reader = new WindowedFile(path)
    const archive = await yauzl.fromRandomAccessReaderPromise(reader, reader.sizeBytes, { autoClose: false })
    if (archive.entryCount > limits.maxEntries) {
      throw new UnreadableZip(
        `${path} has ${archive.entryCount} entries; at most ${limits.maxEntries} are read`,
      )
    }
    let totalBytes = 0
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue
      const maxBytes = Math.min(limits.maxEntryBytes, limits.maxTotalBytes - totalBytes)
      const content = await contentOf(entry, archive, reader, maxBytes)
      totalBytes += content.length
      yield { name: entry.fileName, content }
    }
  } catch (error) {
    if (error instanceof UnreadableZip) throw error
    throw new UnreadableZip(`${path} cannot be read as a zip archive: ${(error as Error).message}`, {
      cause: error,
    })
  } finally {
    reader?.end()
  }
}

async function contentOf(
  entry: yauzl.Entry,
  archive: yauzl.ZipFile,
  file: WindowedFile,
  maxBytes: number,
): Promise<Buffer> {
  const name = entry.fileName
  if (entry.isEncrypted() || (entry.compressionMethod !== stored && entry.compressionMethod !== deflated)) {
    throw new UnreadableZip(`${name} is encrypted, or compressed in a way that is not read here`)
  }
  if (entry.compressedSize > maxBytes || entry.uncompressedSize > maxBytes) throw tooLarge(name, maxBytes)
  // The compressed bytes are taken whole out of the file's window and inflated in one call: a stream for each of
  // 100,000 small records takes many times as long.
  const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true })
  const bytes = file.bytes(fileDataStart, fileDataStart + entry.compressedSize)
  const content =
    entry.compressionMethod === stored
      ? Buffer.from(bytes)
      : inflateBounded(name, bytes, entry.uncompressedSize, maxBytes)
  if (crc32(content) !== entry.crc32)
    throw new UnreadableZip(`${name} is damaged: its checksum does not match`)
  return content
}

const stored = 0
const deflated = 8

const maxChunkBytes = 1024 * 1024

/** @param claimedBytes what the archive says of the size: only how much memory is asked for at a time. */
function inflateBounded(name: string, bytes: Buffer, claimedBytes: number, maxBytes: number): Buffer {
  // A little more than is needed: a chunk that is filled to the brim makes zlib ask for another.
  const chunkSize = Math.min(claimedBytes + 64, maxChunkBytes)
  try {
    return inflateRawSync(bytes, { chunkSize, maxOutputLength: Math.max(1, maxBytes) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(name, maxBytes)
    throw new UnreadableZip(`${name} is damaged: ${(error as Error).message}`, { cause: error })
  }
}

const tooLarge = (name: string, maxBytes: number): UnreadableZip =>
  new UnreadableZip(`${name} inflates to more than the ${maxBytes} bytes that are allowed`)

const windowBytes = 4 * 1024 * 1024

/**
 * A file read in large windows. The records of a feed lie one behind the other, as does the directory at the
 * archive's end, so one window over each place serves thousands of small reads.
 */
class WindowedFile extends yauzl.RandomAccessReader {
  readonly sizeBytes: number
  readonly #file: number
  readonly #windows: { start: number; bytes: Buffer }[] = []

  constructor(path: string) {
    super()
    this.#file = openSync(path, 'r')
    this.sizeBytes = fstatSync(this.#file).size
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    try {
      this.bytes(position, position + length).copy(target, offset)
      done(null)
    } catch (error) {
      done(error as Error)
    }
  }

  /** yauzl's own `close` waits for streams that a consumer who stopped early never reads. */
  end(): void {
    closeSync(this.#file)
  }

  /** Part of a window: to be copied by whoever keeps it. */
  bytes(start: number, end: number): Buffer {
    let window = this.#windows.find(one => start >= one.start && end <= one.start + one.bytes.length)
    if (window === undefined) {
      const bytes = Buffer.allocUnsafe(Math.min(Math.max(windowBytes, end - start), this.sizeBytes - start))
      let read = 0
      while (read < bytes.length) {
        const count = readSync(this.#file, bytes, read, bytes.length - read, start + read)
        if (count === 0) throw new Error('the file ended early')
        read += count
      }
      if (bytes.length < end - start) throw new Error('the file ended early')
      window = { start, bytes }
      this.#windows.unshift(window)
      this.#windows.length = Math.min(this.#windows.length, 2)
    }
    return window.bytes.subarray(start - window.start, end - window.start)
  }
}
