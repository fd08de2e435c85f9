import { type Digest, digestSchema } from '@plimsoll/types'
import { type BlobDescriptor, downloadBlob, sha256, verifyDigest } from './blob.ts'
import { checkedReference, checkedRepository } from './checked-names.ts'
import type { Credentials } from './credentials.ts'
import {
  defaultTimeouts,
  openConnections,
  type Response,
  readCapped,
  type Timeouts,
  within,
} from './exchange.ts'
import { type ListPage, readListPage } from './list-page.ts'
import type { StoredManifest } from './manifest.ts'
import { acceptedManifests, essence } from './media-types.ts'
import { type RegistryRequest, signedInRequests } from './registry-requests.ts'
import { parseRegistryUrl } from './registry-url.ts'
import { type RegistryWrites, registryWrites } from './registry-writes.ts'
import { realTiming, type Timing } from './retry.ts'
import { catalogScope, noScope, pullScope, tagsScope } from './scope.ts'
import { type Advice, SourceError } from './source-error.ts'

/** As the distribution specification has registries accept at least; nothing sane is larger. */
export const maxManifestBytes = 4 * 1024 * 1024
/** Registries that know no pages send all there is: 100,000 tags of 128 characters are 13 MB. */
const maxListBytes = 16 * 1024 * 1024

export interface RegistryOptions {
  /** Scheme, host and port: `https://registry.example`. */
  readonly url: string
  /** Kept in memory only, sent only where `authorization` and `redirects` say. */
  readonly credentials?: Credentials | null
  /** Certificates (PEM) that are trusted beside those that Node trusts. */
  readonly certificateAuthority?: string
  /** `http://host:port` of a proxy that it is reached through. */
  readonly proxy?: string
  /** Where credentials and certificates are given for it, for hints; left out: as the command line is given them. */
  readonly advice?: Advice
  readonly timeouts?: Partial<Timeouts>
  /** Handed in by tests. */
  readonly timing?: Timing
}

/**
 * An OCI distribution v1.1 client. Keeps connections and tokens, so one serves any number of images of
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
  /**
   * The digest a tag names now, without the manifest where the registry can do that.
   * @param known what it named before: a registry that sends manifests only sends none while that holds
   */
  digestOf(repository: string, tag: string, signal: AbortSignal, known?: string): Promise<Digest>
  hasBlob(repository: string, digest: Digest, signal: AbortSignal): Promise<boolean>
  /** A blob's bytes, verified against digest and size; see `downloadBlob`. */
  blob(repository: string, blob: BlobDescriptor, what: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** A small blob, such as an image's configuration, in one piece; its size is for the caller to bound. */
  smallBlob(repository: string, blob: BlobDescriptor, what: string, signal: AbortSignal): Promise<Uint8Array>
  /** Changes what the registry holds. */
  readonly writes: RegistryWrites
  /** A page of `_catalog` (path without `/v2/`) or of a repository's `tags/list`. */
  page(path: string, repository: string | null, signal: AbortSignal): Promise<ListPage>
}

/** @throws SourceError `source-unreadable` when the URL is not one of a registry */
export function registryClient(options: RegistryOptions): RegistryClient {
  const base = parseRegistryUrl(options.url)
  const timing = options.timing ?? realTiming
  const timeouts = { ...defaultTimeouts, ...options.timeouts }
  const connections = openConnections(timeouts, options.certificateAuthority, options.proxy)
  const requests = signedInRequests(
    base,
    options.credentials ?? null,
    { connections, timing },
    options.advice,
  )

  const manifestRequest = (repository: string, tagOrDigest: string): RegistryRequest => ({
    path: `/v2/${checkedRepository(repository)}/manifests/${checkedReference(tagOrDigest)}`,
    scope: pullScope(repository),
    what: `${base.host}/${repository}${isDigest(tagOrDigest) ? '@' : ':'}${tagOrDigest}`,
    headers: { accept: acceptedManifests },
  })
  const blobRequest = (repository: string, digest: Digest, what: string): RegistryRequest => ({
    path: `/v2/${checkedRepository(repository)}/blobs/${digestSchema.parse(digest)}`,
    scope: pullScope(repository),
    what,
  })

  const client: RegistryClient = {
    url: base.origin,
    host: base.host,
    writes: registryWrites(base, requests, timing),
    async ping(signal) {
      const request = { path: '/v2/', scope: noScope, what: base.origin }
      try {
        await requests.send(request, response => response.discard(), signal)
      } catch (cause) {
        if (!isNotFound(cause)) throw cause
        throw new SourceError('registry-error', `${base.origin} is no container registry: it has no /v2/.`, {
          cause,
        })
      }
    },
    async manifest(repository, tagOrDigest, signal) {
      const request = manifestRequest(repository, tagOrDigest)
      const what = `The manifest of ${request.what}`
      return await requests.send(
        request,
        async response => {
          const { headers } = response
          const bytes = await readCapped(response, maxManifestBytes, what, 'manifest-invalid')
          const hex = sha256(bytes)
          // By tag, the registry's own word is the only digest there is to hold the bytes against.
          const expected = isDigest(tagOrDigest) ? tagOrDigest : announcedDigest(headers)
          if (expected !== null) verifyDigest(hex, expected, what)
          const contentType = headers['content-type']
          return { digest: `sha256:${hex}`, contentType: contentType ? essence(contentType) : null, bytes }
        },
        signal,
      )
    },
    async digestOf(repository, tag, signal, known) {
      const before = known === undefined ? null : digestSchema.parse(known)
      const request = manifestRequest(repository, tag)
      const ifChanged = before === null ? {} : { 'if-none-match': `"${before}"` }
      const headers = { ...request.headers, ...ifChanged }
      const announced = await requests.send(
        { ...request, headers, method: 'HEAD' },
        response => {
          response.discard()
          return response.status === 304 ? before : announcedDigest(response.headers)
        },
        signal,
      )
      return announced ?? (await client.manifest(repository, tag, signal)).digest
    },
    async hasBlob(repository, digest, signal) {
      const request = blobRequest(repository, digest, `${base.host}/${repository}@${digest}`)
      try {
        await requests.send({ ...request, method: 'HEAD' }, response => response.discard(), signal)
        return true
      } catch (error) {
        if (isNotFound(error)) return false
        throw error
      }
    },
    blob(repository, blob, what, signal) {
      const request = blobRequest(repository, blob.digest, what)
      // Sent once each: the download counts the attempts itself, those that fail before the first byte too.
      const open = (offset: number) =>
        requests.sendOnce(
          offset === 0 ? request : { ...request, headers: { range: `bytes=${offset}-` } },
          signal,
        )
      return downloadBlob(open, blob, what, timing, signal)
    },
    async smallBlob(repository, blob, what, signal) {
      // The time of a small answer, for each of the attempts that a download makes.
      return await within(4 * timeouts.answerMs, base, signal, async inTime =>
        Buffer.concat(await Array.fromAsync(client.blob(repository, blob, what, inTime))),
      )
    },
    async page(path, repository, signal) {
      const [scope, what] =
        repository === null
          ? [catalogScope, `The repositories of ${base.host}`]
          : [tagsScope(repository), `The tags of ${base.host}/${repository}`]
      const read = (response: Response) => readListPage(response, base, maxListBytes, what)
      return await requests.send({ path, scope, what }, read, signal)
    },
  }
  return client
}

const isNotFound = (error: unknown): boolean =>
  error instanceof SourceError && error.code === 'image-not-found'

const isDigest = (text: string): boolean => digestSchema.safeParse(text).success

const announcedDigest = (headers: Response['headers']): Digest | null =>
  digestSchema.safeParse(headers['docker-content-digest']).data ?? null
