import { digestSchema } from '@plimsoll/types'
import type { Response } from './exchange.ts'
import { piecesOf } from './pieces.ts'
import type { RegistryRequest, SignedInRequests } from './registry-requests.ts'
import type { BlobToWrite } from './registry-writes.ts'
import { rest, type Timing, Transient } from './retry.ts'
import { pushScope } from './scope.ts'
import { SourceError } from './source-error.ts'

/** Sent at a time, and kept until the registry has it: what breaks off is taken up again without asking the source. */
const pieceSize = 8 * 1024 * 1024
/** A registry may want larger pieces; beyond this it would cost too much memory. */
const maxPieceSize = 64 * 1024 * 1024

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

/** The registry takes no pieces: the blob has to be sent as a whole. */
class PiecesRefused extends Error {}

/**
 * Sends a blob piece by piece (OCI distribution specification 1.1, "Pushing a blob in chunks"), a small one at once, or
 * has it mounted. It is stored only when its source came to its end without an error, which holds it to its digest, and
 * the registry holds it to the digest once more. After a break it goes on where the registry says that it is; Docker
 * Distribution drops an upload that broke off within a piece, and it begins anew.
 */
export async function uploadBlob(wanted: Upload, signal: AbortSignal): Promise<'sent' | 'mounted'> {
  let { mountFrom } = wanted
  let whole = wanted.blob.sizeBytes <= pieceSize
  for (let attempt = 1; ; ) {
    let counted = 0
    const onBytes = (bytes: number): void => {
      counted += bytes
      wanted.onBytes(bytes)
    }
    try {
      return await sendBlob({ ...wanted, mountFrom, onBytes }, whole, signal)
    } catch (error) {
      wanted.onBytes(-counted)
      if (error instanceof PiecesRefused) whole = true
      else if (mountFrom !== null && error instanceof SourceError && error.code === 'unauthorized') {
        // Who may push here may yet not read there.
        mountFrom = null
      } else if (error instanceof UploadLost && attempt < maxAttempts) attempt += 1
      else throw error instanceof UploadLost ? lost(wanted, error) : error
    }
  }
}

async function sendBlob(upload: Upload, whole: boolean, signal: AbortSignal): Promise<'sent' | 'mounted'> {
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
    if (whole) {
      await sendWhole(upload, withDigest(location, digest), signal)
      return 'sent'
    }
    let sent = 0
    for await (const piece of piecesOf(upload.read(), begun.pieceBytes)) {
      location = await sendPiece(upload, location, piece, sent, signal)
      sent += piece.length
    }
    const closing = { ...request(upload, 'PUT', withDigest(location, digest)), body: new Uint8Array() }
    // That it is gone may be because it was closed already, and the answer did not come through.
    await requests.send(closing, response => response.discard(), signal).catch(lostWhereGone)
    return 'sent'
  } catch (error) {
    if (!(error instanceof UploadLost)) await giveUp(upload, location)
    throw error
  }
}

/** "Pushing a blob monolithically", its second form. A small blob is held in memory, and sent once it is verified. */
async function sendWhole(upload: Upload, path: string, signal: AbortSignal): Promise<void> {
  const { sizeBytes } = upload.blob
  const isSmall = sizeBytes <= pieceSize
  const body = isSmall ? Buffer.concat(await Array.fromAsync(upload.read())) : upload.read()
  const put = request(upload, 'PUT', path)
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(sizeBytes) }
  try {
    const response = await upload.requests.sendOnce({ ...put, headers, body }, signal)
    response.discard()
    upload.onBytes(sizeBytes)
  } catch (failure) {
    if (!(failure instanceof Transient)) return lostWhereGone(failure)
    await rest(failure, 1, upload.timing, signal)
    throw new UploadLost('the upload broke off', { cause: failure })
  }
}

function lostWhereGone(error: unknown): never {
  const isGone = error instanceof SourceError && error.code === 'image-not-found'
  throw isGone ? new UploadLost('the upload is gone', { cause: error }) : error
}

/** Sends one piece; after a break it asks how much the registry has, and goes on from there. */
async function sendPiece(
  upload: Upload,
  first: string,
  piece: Uint8Array,
  offset: number,
  signal: AbortSignal,
): Promise<string> {
  let location = first
  let from = 0
  for (let failures = 0; ; ) {
    if (from === piece.length) return location
    const body = piece.subarray(from)
    const range = `${offset + from}-${offset + piece.length - 1}`
    const patch = request(upload, 'PATCH', location)
    const headers = { ...patch.headers, 'content-type': 'application/octet-stream', 'content-range': range }
    try {
      const response = await upload.requests.sendOnce({ ...patch, headers, body }, signal)
      response.discard()
      upload.onBytes(body.length)
      return locationOf(upload, response)
    } catch (failure) {
      const refused = failure instanceof SourceError && failure.code === 'registry-error'
      if (refused && offset === 0 && from === 0) throw new PiecesRefused('no pieces', { cause: failure })
      if (!(failure instanceof Transient)) throw failure
      failures += 1
      await rest(failure, failures, upload.timing, signal)
      const state = await stateOf(upload, location, signal)
      const had = state.received - offset
      if (had < from || had > piece.length) throw new UploadLost()
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

function beginning(upload: Upload, response: Response): { location: string; pieceBytes: number } {
  const least = Number(response.headers['oci-chunk-min-length'] ?? 0)
  if (least > maxPieceSize) {
    throw new SourceError('registry-error', `${upload.registry.host} wants pieces of ${least} bytes.`)
  }
  return { location: locationOf(upload, response), pieceBytes: Math.max(pieceSize, least || 0) }
}

/** Where the upload goes on. Only at the registry itself: nobody else gets what signs us in there. */
function locationOf({ registry }: Upload, response: Response, known?: string): string {
  const text = response.headers.location ?? known
  const url = text !== undefined && URL.canParse(text, registry) ? new URL(text, registry) : null
  // Behind a proxy a registry may not know that it is reached over https; the upload goes on over https all the same.
  if (url !== null && url.host === registry.host) return `${url.pathname}${url.search}`
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
