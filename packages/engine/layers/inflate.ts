import { constants, createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib'
import { drained } from './drained.ts'

/** A layer whose bytes do not make sense: a broken compression, a broken archive, or not what was promised. */
export class CorruptLayer extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'CorruptLayer'
  }
}

export type Compression = 'gzip' | 'zstd' | 'none'

/** What is handed to zlib, and taken from it, in one go: each hand-over costs a round through the event loop. */
const chunkBytes = 1024 * 1024
const feedBytes = 512 * 1024

/** Bytes that are enough to tell the compressions apart. */
const magicBytes = 6

/**
 * Compression by the first bytes: media types and content types may be wrong, magic numbers cannot be and still
 * inflate. A zstd stream may begin with a skippable frame (RFC 8878, 3.1.2).
 *
 * @throws CorruptLayer for a compression that image layers do not have
 */
export function sniff(head: Uint8Array): Compression {
  const [a, b, c, d] = head
  if (a === 0x1f && b === 0x8b) return 'gzip'
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd'
  if (a !== undefined && a >> 4 === 5 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd'
  const text = Buffer.from(head).toString('latin1')
  if (text.startsWith('\xfd7zXZ'))
    throw new CorruptLayer('it is compressed with xz, which image layers are not')
  if (text.startsWith('BZh'))
    throw new CorruptLayer('it is compressed with bzip2, which image layers are not')
  return 'none'
}

/**
 * The layer's tar archive, inflated where it is compressed; gzip may have several members and zstd several frames.
 * Inflation runs in the thread pool: while one chunk is being used, the next one is being made.
 *
 * @throws CorruptLayer when the compressed bytes are broken or end too early
 */
export async function* inflate(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array()
  while (head.length < magicBytes) {
    const { value, done } = await chunks.next()
    if (done) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  const compression = sniff(head)
  if (compression === 'none') {
    yield head
    yield* { [Symbol.asyncIterator]: () => chunks }
    return
  }
  const stream = inflater(compression)
  const consumer = { gone: false }
  const fed = feed(stream, head, chunks, consumer)
  fed.catch(() => undefined) // It is awaited below, after what it made the stream say.
  let ended = false
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
    ended = true
  } catch (cause) {
    if (!isZlibError(cause)) throw cause
    throw new CorruptLayer(`its ${compression} compression is broken: ${cause.message}`, { cause })
  } finally {
    consumer.gone = !ended
  }
  await fed
}

function inflater(compression: 'gzip' | 'zstd'): Gunzip | ZstdDecompress {
  const buffers = { chunkSize: chunkBytes, writableHighWaterMark: 1, readableHighWaterMark: 2 * chunkBytes }
  if (compression === 'gzip') return createGunzip(buffers)
  // 128 MiB is the window zstd itself allows unless told otherwise: a frame's own wish must not decide on memory.
  return createZstdDecompress({ ...buffers, params: { [constants.ZSTD_d_windowLogMax]: 27 } })
}

/**
 * What follows the end of the compressed stream (zeros that pad a gzip member) is read and thrown away; should it
 * have mattered, the digest of what was inflated says so.
 */
async function feed(
  stream: Gunzip | ZstdDecompress,
  head: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
  consumer: { readonly gone: boolean },
): Promise<void> {
  // Two buffers in turn: while zlib has the one, the other is filled. Nothing is left behind for the collector.
  let [filling, spare] = [Buffer.allocUnsafeSlow(feedBytes), Buffer.allocUnsafeSlow(feedBytes)]
  let filled = 0
  const flush = (): void => {
    if (filled > 0 && isUsable(stream)) stream.write(filling.subarray(0, filled))
    ;[filling, spare] = [spare, filling]
    filled = 0
  }
  try {
    let chunk = head
    while (!consumer.gone) {
      for (let at = 0; at < chunk.length; ) {
        if (filled === feedBytes) {
          if (isUsable(stream)) await drained(stream)
          flush()
        }
        const end = at + Math.min(feedBytes - filled, chunk.length - at)
        filling.set(chunk.subarray(at, end), filled)
        filled += end - at
        at = end
      }
      if (stream.writableLength === 0) flush()
      const { value, done } = await chunks.next()
      if (done) break
      chunk = value
    }
    flush()
    stream.end()
  } catch (cause) {
    // The source failed: whoever reads the stream has to learn of it.
    stream.destroy(cause instanceof Error ? cause : new Error('the source failed', { cause }))
    throw cause
  }
}

const isUsable = (stream: Gunzip | ZstdDecompress): boolean => !stream.readableEnded && !stream.destroyed

/** What zlib says of the bytes; that it got no memory says nothing of them. */
const isZlibError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^Z(_|STD_)/.test(error.code) &&
  !/MEM_ERROR|memory_allocation/.test(error.code)
