import { parseReference, SourceError } from '@plimsoll/engine'

/** Where a running image was pulled from. */
export interface PulledImage {
  /** Of the registry's API, with its port where that is not the scheme's own. */
  readonly host: string
  readonly repository: string
  readonly digest: string
}

/**
 * Reads the `imageID` of a container's status: `registry.example/team/api@sha256:...` with containerd and CRI-O,
 * `docker-pullable://...` before it with Docker. A bare `sha256:...` is the id of a configuration and leads to no
 * manifest. @returns null for that, and for what is no such id.
 */
export function pulledImage(imageId: string): PulledImage | null {
  const named = imageId.replace(/^[a-z-]+:\/\//, '')
  const at = named.lastIndexOf('@')
  if (at <= 0) return null
  const first = named.slice(0, at).split('/')[0] ?? ''
  const hasHost = named.includes('/') && (/[.:]/.test(first) || first === 'localhost')
  try {
    const reference = parseReference(hasHost ? named : `docker.io/${named}`)
    if (reference.kind !== 'registry' || reference.digest === null) return null
    return {
      host: new URL(reference.url).host,
      repository: reference.repository,
      digest: reference.digest,
    }
  } catch (error) {
    if (error instanceof SourceError) return null
    throw error
  }
}
