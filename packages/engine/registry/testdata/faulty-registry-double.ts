import { once } from 'node:events'
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Blob, MadeImage } from './made-image.ts'

/** How the double answers one request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void

export interface SeenRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/**
 * A test double of a registry, for the faults that a real one cannot be made to show. It answers what it was given,
 * each fault once and before anything else.
 */
export interface FaultyRegistryDouble {
  readonly url: string
  readonly host: string
  /** Every request so far, in order. */
  readonly requests: readonly SeenRequest[]
  /** From now on this path (without query) is answered so, after its faults. */
  answer(path: string, answer: Answer): void
  /** The next requests for this path are answered so, one each. */
  fault(path: string, ...answers: readonly Answer[]): void
  /** Every request has to pass this before anything answers it; it answers and gives false, or gives true. */
  guard(guard: (request: IncomingMessage, response: ServerResponse) => boolean): void
  /** Serves an image under a tag and its digest. */
  serve(repository: string, tag: string, image: MadeImage): void
  stop(): Promise<void>
}

/** @param tls key and certificate (PEM) to speak HTTPS with */
export async function startFaultyRegistryDouble(tls?: { key: string; cert: string }): Promise<FaultyRegistryDouble> {
  const answers = new Map<string, Answer>()
  const faults = new Map<string, Answer[]>()
  const requests: SeenRequest[] = []
  let guard: (request: IncomingMessage, response: ServerResponse) => boolean = () => true

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? ''
    requests.push({ method: request.method ?? '', path, headers: request.headers })
    if (!guard(request, response)) return
    const plainPath = path.split('?', 1)[0] ?? ''
    const answer = faults.get(plainPath)?.shift() ?? answers.get(plainPath) ?? status(404)
    answer(request, response)
  }
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  const answer = (path: string, given: Answer) => void answers.set(path, given)
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}`,
    host,
    requests,
    answer,
    fault: (path, ...given) => void faults.set(path, [...(faults.get(path) ?? []), ...given]),
    guard: given => {
      guard = given
    },
    serve(repository, tag, { manifest, blobs }) {
      for (const name of [tag, manifest.digest]) answer(`/v2/${repository}/manifests/${name}`, content(manifest))
      for (const blob of blobs) answer(`/v2/${repository}/blobs/${blob.digest}`, content(blob))
    },
    async stop() {
      // Answers that hang would keep it open.
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export const status =
  (code: number, headers: Record<string, string> = {}, body: unknown = ''): Answer =>
  (_, response) => {
    response.writeHead(code, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  }

/** The bytes, or the part of them that a Range header asks for. */
export const content =
  ({ bytes, mediaType }: Pick<Blob, 'bytes' | 'mediaType'>, { ranges = true } = {}): Answer =>
  (request, response) => {
    const start = ranges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] : undefined
    const part = bytes.subarray(Number(start ?? 0))
    response.writeHead(start === undefined ? 200 : 206, {
      'content-type': mediaType,
      'content-length': part.length,
      ...(start === undefined ? {} : { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    })
    response.end(request.method === 'HEAD' ? undefined : part)
  }

/** Breaks the connection off after so many of the bytes that were asked for. */
export const brokenOff =
  ({ bytes, mediaType }: Pick<Blob, 'bytes' | 'mediaType'>, afterBytes: number): Answer =>
  (request, response) => {
    const start = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
    const part = bytes.subarray(Number(start ?? 0))
    response.writeHead(start === undefined ? 200 : 206, {
      'content-type': mediaType,
      'content-length': part.length,
      ...(start === undefined ? {} : { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    })
    response.write(part.subarray(0, afterBytes), () => response.socket?.resetAndDestroy())
  }

/** Takes the request and never answers. */
export const hangs: Answer = () => undefined

/** Answers with the headers and so many bytes, then nothing more. */
export const hangsAfter =
  ({ bytes, mediaType }: Pick<Blob, 'bytes' | 'mediaType'>, afterBytes: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': mediaType, 'content-length': bytes.length })
    response.write(bytes.subarray(0, afterBytes))
  }

/** Sends spaces for as long as anybody takes them. */
export const endless: Answer = (_, response) => {
  const more = (error?: Error | null) => {
    if (!error) response.write(Buffer.alloc(65_536, ' '), more)
  }
  more()
}

/** Sends a space every few milliseconds for as long as anybody waits for more. */
export const drips: Answer = (_, response) => {
  const timer = setInterval(() => response.write(' '), 10)
  response.on('close', () => clearInterval(timer))
}

/** Closes the connection without a word. */
export const resets: Answer = (_, response) => void response.socket?.resetAndDestroy()

export const redirects =
  (location: string, code = 307): Answer =>
  (_, response) => {
    response.writeHead(code, { location }).end()
  }
