import type { StoredManifest } from '../manifest.ts'
import type { ContentStore } from '../resolve.ts'
import { SourceError } from '../source-error.ts'
import type { Blob } from './made-image.ts'

/** A store of these blobs; whatever else is asked for is not there. */
export function storeOf(...blobs: readonly Blob[]): ContentStore & { readonly asked: string[] } {
  const asked: string[] = []
  const find = (digest: string): Blob => {
    asked.push(digest)
    const found = blobs.find(candidate => candidate.digest === digest)
    if (found === undefined) throw new SourceError('image-not-found', `${digest} is not there.`)
    return found
  }
  return {
    asked,
    async manifest({ digest }) {
      const { bytes, mediaType } = find(digest)
      return { digest, contentType: mediaType, bytes }
    },
    config: async ({ digest }) => find(digest).bytes,
    hasBlob: async ({ digest }) => blobs.some(candidate => candidate.digest === digest),
  }
}

/** A blob as a registry hands it over. */
export const storedBlob = (
  { bytes, digest, mediaType }: Blob,
  contentType: string | null = mediaType,
): StoredManifest => ({ bytes, digest, contentType })
