import { type Digest, digestSchema } from '@plimsoll/types'
import { authorization, type Credentials, catalogScope, pullScope } from './authorization.ts'
import { type BlobDescriptor, downloadBlob, sha256, verifyDigest } from './blob.ts'
import {
  type Connections,
  defaultTimeouts,
  openConnections,
  type Response,
  readCapped,
  type Timeouts,
} from './exchange.ts'
import type { StoredManifest } from './manifest.ts'
import { acceptedManifests, essence } from './media-types.ts'
import { exchangeFollowing } from './redirects.ts'
import { realTiming, type Timing, withRetries } from './retry.ts'
import { SourceError } from './source-error.ts'
import { statusFailure } from './status-failure.ts'
import { userAgent } from './user-agent.ts'

/** As the distribution specification has registries accept at least; nothing sane is larger. */
export const maxManifestBytes = 4 * 1024 * 1024

export interface RegistryOptions {
  /** Scheme, host and port: `https://registry.example`. */
  readonly url: string
  /** Kept in memory only, sent only where `authorization` and `redirects` say. */
  readonly credentials?: Credentials | null
  readonly timeouts?: Partial<Timeouts>
  /** Handed in by tests. */
  readonly timing?: Timing
}

/** A page of a list: its JSON and where the next one is. */
export interface ListPage {
  readonly value: unknown
  readonly next: string | null
}

/**
 * An OCI distribution v1.1 client for reading. Keeps connections and tokens, so one serves any number of images of
 * one registry. Every method throws SourceError.
 */
export interface RegistryClient {
  /** The registry's origin. */
  readonly url: string
  /** The host as error messages and references name it. */
  readonly host: string
  /** Whether this is a registry and lets us in: GET /v2/. */
  ping(signal: AbortSignal): Promise<void>
  /** A manifest by tag or digest, at most 4 MiB, verified when asked for by digest. */
  manifest(repository: string, tagOrDigest: string, signal: AbortSignal): Promise<StoredManifest>
  /** The digest a tag names now, without the manifest where the registry can do that. */
  digestOf(repository: string, tag: string, signal: AbortSignal): Promise<Digest>
  hasBlob(repository: string, digest: Digest, signal: AbortSignal): Promise<boolean>
  /** A blob's bytes, verified against digest and size; see `downloadBlob`. */
  blob(repository: string, blob: BlobDescriptor, what: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** A page of `_catalog` (path without `/v2/`) or of a repository's `tags/list`. */
  page(path: string, repository: string | null, signal: AbortSignal): Promise<ListPage>
}

/** @throws SourceError `source-unreadable` when the URL is not one of a registry */
export function registryClient(options: RegistryOptions): RegistryClient {
  const base = registryUrl(options.url)
  const timing = options.timing ?? realTiming
  const connections: Connections = openConnections({ ...defaultTimeouts, ...options.timeouts })
  const access = authorization(base, options.credentials ?? null, { connections, timing })
  const anonymous = options.credentials == null

  /** One request, signed in as the registry asks; the answer may have any status but 401. */
  const sendOnce = async (request: Asked, signal: AbortSignal): Promise<Response> => {
    const { method = 'GET', path, scope, headers } = request
    for (let refusals = 0; ; refusals++) {
      const authorizationHeader = await access.header(scope, signal)
      const response = await exchangeFollowing(
        {
          method,
          url: new URL(path, base),
          headers: {
            'user-agent': userAgent,
            'accept-encoding': 'identity',
            ...headers,
            ...(authorizationHeader === null ? {} : { authorization: authorizationHeader }),
          },
        },
        connections,
        signal,
      )
      if (response.status !== 401) return response
      response.discard()
      // Storage that a redirect led to has no claim on our credentials, nor has anyone twice in a row.
      if (response.url.origin !== base.origin || refusals === 2) throw stillRefused(request.what, anonymous)
      if (refusals === 1 && authorizationHeader?.startsWith('Bearer '))
        throw stillRefused(request.what, anonymous)
      access.challenged(scope, response.headers['www-authenticate'], authorizationHeader)
    }
  }

  /** As `sendOnce`, a success only, tried again where that may help. `read` is part of an attempt. */
  const send = <T>(
    request: Asked,
    read: (response: Response) => Promise<T> | T,
    signal: AbortSignal,
  ): Promise<T> =>
    withRetries(
      async () => {
        const response = await sendOnce(request, signal)
        if (response.status !== 200 && response.status !== 206) {
          throw await statusFailure(response, request.what, timing.now())
        }
        return await read(response)
      },
      timing,
      signal,
    )

  const manifest = async (
    repository: string,
    tagOrDigest: string,
    signal: AbortSignal,
  ): Promise<StoredManifest> => {
    const what = nameOf(base.host, repository, tagOrDigest)
    const request: Asked = {
      path: `/v2/${repository}/manifests/${tagOrDigest}`,
      scope: pullScope(repository),
      what,
      headers: { accept: acceptedManifests },
    }
    return await send(
      request,
      async response => {
        const { 'content-type': contentType, 'docker-content-digest': announced } = response.headers
        const bytes = await readCapped(response, maxManifestBytes, `The manifest of ${what}`)
        const hex = sha256(bytes)
        // By tag, the registry's own word is the only digest there is to hold against.
        const expected = isDigest(tagOrDigest) ? tagOrDigest : announced
        if (typeof expected === 'string' && isDigest(expected))
          verifyDigest(hex, expected, `The manifest of ${what}`)
        return {
          digest: `sha256:${hex}`,
          contentType: contentType === undefined ? null : essence(contentType),
          bytes,
        }
      },
      signal,
    )
  }

  return {
    url: base.origin,
    host: base.host,
    manifest,
    async ping(signal) {
      const what = base.origin
      await send({ path: '/v2/', scope: '', what }, response => response.discard(), signal)
    },
    async digestOf(repository, tag, signal) {
      const announced = await send(
        {
          method: 'HEAD',
          path: `/v2/${repository}/manifests/${tag}`,
          scope: pullScope(repository),
          what: nameOf(base.host, repository, tag),
          headers: { accept: acceptedManifests },
        },
        response => {
          response.discard()
          return response.headers['docker-content-digest']
        },
        signal,
      )
      if (typeof announced === 'string' && isDigest(announced)) return announced
      return (await manifest(repository, tag, signal)).digest
    },
    async hasBlob(repository, digest, signal) {
      const what = nameOf(base.host, repository, digest)
      try {
        await send(
          { method: 'HEAD', path: `/v2/${repository}/blobs/${digest}`, scope: pullScope(repository), what },
          response => response.discard(),
          signal,
        )
        return true
      } catch (error) {
        if (error instanceof SourceError && error.code === 'image-not-found') return false
        throw error
      }
    },
    blob(repository, blob, what, signal) {
      const open = (offset: number) =>
        // The download itself counts the attempts, those that fail before the first byte too.
        sendBlob(sendOnce, repository, blob, offset, what, timing, signal)
      return downloadBlob(open, blob, what, timing, signal)
    },
    async page(path, repository, signal) {
      const what =
        repository === null ? `The repositories of ${base.host}` : `The tags of ${base.host}/${repository}`
      return await send(
        { path, scope: repository === null ? catalogScope : pullScope(repository), what },
        async response => {
          const next = nextPage(response, base, what)
          const bytes = await readCapped(response, maxManifestBytes, what)
          return { value: jsonOf(bytes, what), next }
        },
        signal,
      )
    },
  }
}

interface Asked {
  readonly method?: 'GET' | 'HEAD'
  /** From the root on, with the query. */
  readonly path: string
  readonly scope: string
  /** The subject of error messages. */
  readonly what: string
  readonly headers?: Readonly<Record<string, string>>
}

async function sendBlob(
  sendOnce: (request: Asked, signal: AbortSignal) => Promise<Response>,
  repository: string,
  blob: BlobDescriptor,
  offset: number,
  what: string,
  timing: Timing,
  signal: AbortSignal,
): Promise<Response> {
  const response = await sendOnce(
    {
      path: `/v2/${repository}/blobs/${blob.digest}`,
      scope: pullScope(repository),
      what,
      ...(offset === 0 ? {} : { headers: { range: `bytes=${offset}-` } }),
    },
    signal,
  )
  if (response.status === 200 || (response.status === 206 && offset > 0)) return response
  throw await statusFailure(response, what, timing.now())
}

/** @throws SourceError `source-unreadable` */
export function registryUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const hint = 'Write scheme, host and port only, e.g. https://registry.example or http://127.0.0.1:5000.'
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new SourceError('source-unreadable', "The registry's address is not an http or https address.", {
      hint,
    })
  }
  if (url.username !== '' || url.password !== '') {
    throw new SourceError(
      'source-unreadable',
      "The registry's address must not hold a user name or password.",
      {
        hint: 'Give credentials in PLIMSOLL_REGISTRY_USERNAME and PLIMSOLL_REGISTRY_PASSWORD.',
      },
    )
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new SourceError(
      'source-unreadable',
      `The registry's address has more than a host: ${url.origin}${url.pathname}.`,
      { hint },
    )
  }
  return url
}

/** The next page of a Link header (RFC 8288), which the specification has relative to the registry. */
function nextPage(response: Response, base: URL, what: string): string | null {
  const header = response.headers.link
  const links = Array.isArray(header) ? header.join(', ') : (header ?? '')
  const [, target] = /<([^<>]*)>[^<]*;\s*rel="?next"?/i.exec(links) ?? []
  if (target === undefined) return null
  if (!URL.canParse(target, response.url)) throw elsewhere(what)
  const url = new URL(target, response.url)
  if (url.origin !== base.origin || !url.pathname.startsWith('/v2/')) throw elsewhere(what)
  return url.pathname + url.search
}

const elsewhere = (what: string): SourceError =>
  new SourceError('registry-error', `${what} go on at an address outside the registry, which is refused.`)

function jsonOf(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (cause) {
    throw new SourceError('registry-error', `${what} did not come as JSON, so this may be no registry.`, {
      cause,
    })
  }
}

const isDigest = (text: string): text is Digest => digestSchema.safeParse(text).success

const nameOf = (host: string, repository: string, tagOrDigest: string): string =>
  `${host}/${repository}${isDigest(tagOrDigest) ? '@' : ':'}${tagOrDigest}`

function stillRefused(what: string, anonymous: boolean): SourceError {
  return anonymous
    ? new SourceError('unauthorized', `${what} is not open to everyone.`, {
        hint: 'Give credentials in PLIMSOLL_REGISTRY_USERNAME and PLIMSOLL_REGISTRY_PASSWORD. The name may also be misspelt: some registries hide what is not there.',
      })
    : new SourceError('unauthorized', `${what} may not be read by the user whose credentials were given.`, {
        hint: 'Give the user the right to pull it.',
      })
}
