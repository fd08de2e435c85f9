import { digestSchema } from '@plimsoll/types'
import type { Response } from './exchange.ts'
import type { RegistryRequest, SignedInRequests } from './registry-requests.ts'
import type { BlobToWrite } from './registry-writes.ts'
import { rest, type Timing, Transient } from './retry.ts'
import { pushScope } from './scope.ts'
import { SourceError } from './source-error.ts'

/** Sent at a time, and kept until the registry has it: what breaks off is taken up again without asking the source. */
const chunkBytes = 8 * 1024 * 1024
/** A registry may want larger pieces; beyond this it would cost too much memory. */
const maxChunkBytes = 64 * 1024 * 1024

export interface Upload extends BlobToWrite {
  readonly registry: URL
  readonly requests: SignedInRequests
  readonly timing: Timing
  readonly repository: string
}

/** Attempts at a whole blob, where the registry forgets what it had when a line breaks. */
const maxAttempts = 4

/** The registry has not kept what was sent: the blob has to be sent from its beginning. */
class UploadLost extends Error {}

/**
 * Sends a blob piece by piece (OCI distribution specification 1.1, "Pushing a blob in chunks"), or has it mounted. It is
 * stored only when its source came to its end without an error, which holds it to its digest, and the registry holds it
 * to the digest once more. After a break it goes on where the registry says that it is; Docker Distribution drops an
 * upload that broke off within a piece, and it begins anew.
 */
export async function uploadBlob(upload: Upload, signal: AbortSignal): Promise<'sent' | 'mounted'> {
  for (let attempt = 1; ; attempt++) {
    let counted = 0
    const onBytes = (bytes: number): void => {
      counted += bytes
      upload.onBytes(bytes)
    }
    try {
      return await sendBlob({ ...upload, onBytes }, signal)
    } catch (error) {
      if (!(error instanceof UploadLost)) throw error
      upload.onBytes(-counted)
      if (attempt === maxAttempts) throw lost(upload, error)
    }
  }
}

async function sendBlob(upload: Upload, signal: AbortSignal): Promise<'sent' | 'mounted'> {
  const { blob, repository, mountFrom, requests } = upload
  const digest = digestSchema.parse(blob.digest)
  const mount = mountFrom === null ? '' : `?mount=${digest}&from=${encodeURIComponent(mountFrom)}`
  const begun = await requests.send(
    request(upload, 'POST', `/v2/${repository}/blobs/uploads/${mount}`),
    response => {
      response.discard()
      return response.status === 201 ? null : beginning(upload, response)
    },
    signal,
  )
  if (begun === null) {
    upload.onBytes(blob.sizeBytes)
    return 'mounted'
  }
  let { location } = begun
  try {
    let sent = 0
    for await (const chunk of chunksOf(upload.read(), begun.chunkBytes)) {
      location = await sendChunk(upload, location, chunk, sent, signal)
      sent += chunk.length
    }
    await requests.send(
      { ...request(upload, 'PUT', withDigest(location, digest)), body: new Uint8Array() },
      response => response.discard(),
      signal,
    )
    return 'sent'
  } catch (error) {
    if (!(error instanceof UploadLost)) await giveUp(upload, location)
    throw error
  }
}

/** Sends one piece; after a break it asks how much the registry has, and goes on from there. */
async function sendChunk(
  upload: Upload,
  first: string,
  chunk: Uint8Array,
  offset: number,
  signal: AbortSignal,
): Promise<string> {
  let location = first
  let from = 0
  for (let failures = 0; ; ) {
    if (from === chunk.length) return location
    const body = chunk.subarray(from)
    const range = `${offset + from}-${offset + chunk.length - 1}`
    const patch = request(upload, 'PATCH', location)
    const headers = { ...patch.headers, 'content-type': 'application/octet-stream', 'content-range': range }
    try {
      const response = await upload.requests.sendOnce({ ...patch, headers, body }, signal)
      response.discard()
      upload.onBytes(body.length)
      return locationOf(upload, response)
    } catch (failure) {
      if (!(failure instanceof Transient)) throw failure
      failures += 1
      await rest(failure, failures, upload.timing, signal)
      const state = await stateOf(upload, location, signal)
      const had = state.received - offset
      if (had < from || had > chunk.length) throw new UploadLost()
      upload.onBytes(had - from)
      from = had
      location = state.location
    }
  }
}

async function stateOf(
  upload: Upload,
  location: string,
  signal: AbortSignal,
): Promise<{ location: string; received: number }> {
  const told = upload.requests.send(
    request(upload, 'GET', location),
    response => {
      response.discard()
      // `0-0` is what a registry says of an upload without a byte as well as of one with a single byte.
      const last = /^(?:bytes=)?0-(\d+)$/.exec(response.headers['range'] ?? '')?.[1]
      const received = last === undefined || last === '0' ? 0 : Number(last) + 1
      return { location: locationOf(upload, response, location), received }
    },
    signal,
  )
  return await told.catch((error: unknown) => {
    const isGone = error instanceof SourceError && ['image-not-found', 'registry-error'].includes(error.code)
    throw isGone ? new UploadLost('the upload is gone', { cause: error }) : error
  })
}

/** The registry may keep what it has for a while; it is told that nobody comes back for it. */
async function giveUp(upload: Upload, location: string): Promise<void> {
  try {
    const soon = AbortSignal.timeout(5_000)
    const response = await upload.requests.sendOnce(request(upload, 'DELETE', location), soon)
    response.discard()
  } catch {
    // It cleans up by itself, sooner or later.
  }
}

const request = (
  upload: Upload,
  method: RegistryRequest['method'] & string,
  path: string,
): RegistryRequest => ({
  method,
  path,
  scope: pushScope(upload.repository, upload.mountFrom),
  what: `The upload of ${upload.blob.digest} to ${upload.registry.host}/${upload.repository}`,
})

function beginning(upload: Upload, response: Response): { location: string; chunkBytes: number } {
  const least = Number(response.headers['oci-chunk-min-length'] ?? 0)
  if (least > maxChunkBytes) {
    throw new SourceError('registry-error', `${upload.registry.host} wants pieces of ${least} bytes.`)
  }
  return { location: locationOf(upload, response), chunkBytes: Math.max(chunkBytes, least || 0) }
}

/** Where the upload goes on. Only at the registry itself: nobody else gets what signs us in there. */
function locationOf({ registry }: Upload, response: Response, known?: string): string {
  const text = response.headers.location ?? known
  const url = text !== undefined && URL.canParse(text, registry) ? new URL(text, registry) : null
  // Behind a proxy a registry may not know its own scheme and name; its path holds all the same.
  if (url !== null && url.origin === registry.origin) return `${url.pathname}${url.search}`
  throw new SourceError('registry-error', `${registry.host} has uploads go on somewhere else.`, {
    hint: 'Behind a proxy, have it told its own address (Docker Distribution: http.host).',
  })
}

const withDigest = (location: string, digest: string): string =>
  `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`

const lost = ({ registry, blob }: Upload, cause: UploadLost): SourceError =>
  new SourceError(
    'registry-unreachable',
    `The upload of ${blob.digest} to ${registry.host} keeps breaking off.`,
    {
      hint: 'Look at the line between this machine and the registry, and at proxies that limit what they pass on.',
      cause,
    },
  )

/** The same bytes in pieces of one size; the last may be smaller. */
async function* chunksOf(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = []
  let held = 0
  for await (const piece of bytes) {
    let rest = piece
    while (held + rest.length >= size) {
      const fits = rest.subarray(0, size - held)
      yield Buffer.concat([...pieces, fits])
      rest = rest.subarray(fits.length)
      pieces = []
      held = 0
    }
    if (rest.length > 0) pieces.push(rest)
    held += rest.length
  }
  if (held > 0) yield Buffer.concat(pieces)
}
