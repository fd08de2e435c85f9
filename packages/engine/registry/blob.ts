import { createHash } from 'node:crypto'
import type { Response } from './exchange.ts'
import { rest, type Timing, Transient } from './retry.ts'
import { SourceError } from './source-error.ts'

/** What a manifest says of a blob. */
export interface BlobDescriptor {
  readonly digest: string
  readonly sizeBytes: number
}

const progressBytes = 8 * 1024 * 1024

/** Opens the blob's bytes from an offset on; may answer with all of them when ranges are not supported. */
export type OpenBlob = (offset: number) => Promise<Response>

/**
 * A blob's bytes, hashed as they pass. A connection that breaks off is taken up again where it broke, at most three
 * times without getting on by 8 MiB; where the registry does not do ranges the bytes that were had already are passed
 * over. Either way the digest is of every byte handed out.
 *
 * @throws SourceError `size-mismatch`, `digest-mismatch`, or why the download failed
 */
export async function* downloadBlob(
  open: OpenBlob,
  blob: BlobDescriptor,
  what: string,
  timing: Timing,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let received = 0
  let failures = 0
  for (;;) {
    const before = received
    try {
      const response = await open(received)
      let passOver = received - offsetOf(response, received, blob, what)
      for await (const chunk of response.body) {
        const fresh = passOver === 0 ? chunk : chunk.subarray(passOver)
        passOver -= chunk.length - fresh.length
        if (fresh.length === 0) continue
        received += fresh.length
        if (received > blob.sizeBytes) throw wrongSize(what, `more than ${blob.sizeBytes}`, blob)
        hash.update(fresh)
        yield fresh
      }
      break
    } catch (failure) {
      if (!(failure instanceof Transient)) throw failure
      // Broken off behind the last byte: there is nothing left to ask for.
      if (received > 0 && received === blob.sizeBytes) break
      // A large layer over a poor line may break off many times, as long as it gets on in between.
      failures = received - before >= progressBytes ? 1 : failures + 1
      await rest(brokenOff(failure, what, received, blob), failures, timing, signal)
    }
  }
  if (received !== blob.sizeBytes) throw wrongSize(what, `${received}`, blob)
  verifyDigest(hash.digest('hex'), blob.digest, what)
}

/** Where in the blob a response begins. */
function offsetOf(response: Response, asked: number, blob: BlobDescriptor, what: string): number {
  if (response.status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers['content-range'] ?? '') ?? []
    if (Number(start) === asked && (total === '*' || Number(total) === blob.sizeBytes)) return asked
    response.discard()
    throw new SourceError(
      'registry-error',
      `${what}: the registry answered with another part than was asked for.`,
    )
  }
  const announced = response.headers['content-length']
  if (announced !== undefined && Number(announced) !== blob.sizeBytes) {
    response.discard()
    throw wrongSize(what, announced, blob)
  }
  return 0
}

/** The failure with how far the download came, once any of it was there. */
function brokenOff(failure: Transient, what: string, received: number, blob: BlobDescriptor): Transient {
  if (received === 0) return failure
  const { code, message, hint } = failure.error
  return new Transient(
    new SourceError(code, `${what} broke off after ${received} of ${blob.sizeBytes} bytes: ${message}`, {
      hint,
      cause: failure.error,
    }),
    failure.retryAfterMs,
  )
}

function wrongSize(what: string, bytes: string, blob: BlobDescriptor): SourceError {
  return new SourceError(
    'size-mismatch',
    `${what} has ${bytes} bytes, the manifest says ${blob.sizeBytes}.`,
    {
      hint: 'The image is damaged in the registry. Push it again.',
    },
  )
}

/** @throws SourceError `digest-mismatch` */
export function verifyDigest(
  sha256Hex: string,
  digest: string,
  what: string,
  hint = 'The image is damaged in the registry, or something changes it on the way. Push it again.',
): void {
  if (`sha256:${sha256Hex}` === digest) return
  throw new SourceError(
    'digest-mismatch',
    `${what} does not have the digest it should have, so it was not used.`,
    { hint },
  )
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
