import { digestSchema } from '@plimsoll/types'
import type { BlobDescriptor } from './blob.ts'
import { checkedReference, checkedRepository } from './checked-names.ts'
import type { StoredManifest } from './manifest.ts'
import type { SignedInRequests } from './registry-requests.ts'
import type { Timing } from './retry.ts'
import { deleteScope, pushScope } from './scope.ts'
import { SourceError } from './source-error.ts'
import { uploadBlob } from './upload.ts'

export interface BlobToWrite {
  readonly blob: BlobDescriptor
  /** Its bytes. When they end in an error nothing is stored. */
  readonly read: () => AsyncIterable<Uint8Array>
  /** Another repository of the same registry that has it, so that no byte need be sent. */
  readonly mountFrom: string | null
  /** Called with the bytes that were sent or found to be there already. */
  readonly onBytes: (bytes: number) => void
}

/** What changes a registry (OCI distribution specification 1.1, "Push" and "Content Management"). Throws SourceError. */
export interface RegistryWrites {
  /** @returns whether it was sent, or was there to be mounted. */
  blob(repository: string, blob: BlobToWrite, signal: AbortSignal): Promise<'sent' | 'mounted'>
  /** Stores a manifest under its digest, or under a tag as well. Its bytes stay as they are. */
  manifest(
    repository: string,
    manifest: StoredManifest,
    tag: string | null,
    signal: AbortSignal,
  ): Promise<void>
  /** @returns whether there was one. */
  deleteManifest(repository: string, digest: string, signal: AbortSignal): Promise<boolean>
}

export function registryWrites(registry: URL, requests: SignedInRequests, timing: Timing): RegistryWrites {
  return {
    blob: (repository, blob, signal) =>
      uploadBlob({ registry, requests, timing, repository: checkedRepository(repository), ...blob }, signal),
    async manifest(repository, { digest, contentType, bytes }, tag, signal) {
      const reference = checkedReference(tag ?? digest)
      await requests.send(
        {
          method: 'PUT',
          path: `/v2/${checkedRepository(repository)}/manifests/${reference}`,
          scope: pushScope(repository),
          what: `The manifest ${reference} of ${registry.host}/${repository}`,
          headers: { 'content-type': contentType ?? 'application/vnd.oci.image.manifest.v1+json' },
          body: bytes,
        },
        response => {
          response.discard()
          const stored = digestSchema.safeParse(response.headers['docker-content-digest']).data
          if (stored === undefined || stored === digest) return
          throw new SourceError(
            'digest-mismatch',
            `${registry.host} stored the manifest ${digest} as another one, ${stored}.`,
            { hint: 'Something between here and the registry changes manifests.' },
          )
        },
        signal,
      )
    },
    async deleteManifest(repository, digest, signal) {
      try {
        await requests.send(
          {
            method: 'DELETE',
            path: `/v2/${checkedRepository(repository)}/manifests/${digestSchema.parse(digest)}`,
            scope: deleteScope(repository),
            what: `${registry.host}/${repository}@${digest}`,
          },
          response => response.discard(),
          signal,
        )
        return true
      } catch (error) {
        if (!(error instanceof SourceError)) throw error
        if (error.code === 'image-not-found') return false
        if (!/answered (?:405|.*UNSUPPORTED)/.test(error.message)) throw error
        throw new SourceError('registry-error', `${registry.host} does not allow images to be deleted.`, {
          hint: 'Allow it in the registry: Docker Distribution has REGISTRY_STORAGE_DELETE_ENABLED=true.',
          cause: error,
        })
      }
    },
  }
}
