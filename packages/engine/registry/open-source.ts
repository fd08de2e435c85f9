import type { RegistryOptions } from './client.ts'
import { dockerArchiveSource } from './docker-archive.ts'
import { ociArchiveSource, ociLayoutSource } from './oci-layout.ts'
import { parseReference, type Reference } from './reference.ts'
import { registrySource } from './registry-source.ts'
import { rootfsSource } from './rootfs.ts'
import type { Source } from './source.ts'

export interface OpenSourceOptions extends Omit<RegistryOptions, 'url'> {
  /** Which files of a root file system are read; the ecosystems know. */
  readonly wants: (path: string) => boolean
}

/**
 * The source that a reference names (see `parseReference`). Nothing is read before `resolve`.
 *
 * @throws SourceError `source-unreadable` when the text is not a reference
 */
export function openSource(reference: string | Reference, options: OpenSourceOptions): Source {
  const parsed = typeof reference === 'string' ? parseReference(reference) : reference
  const { wants, ...registry } = options
  switch (parsed.kind) {
    case 'registry':
      return registrySource({
        ...registry,
        url: parsed.url,
        host: parsed.host,
        repository: parsed.repository,
        reference: parsed.digest ?? parsed.tag ?? 'latest',
      })
    case 'oci-layout':
      return ociLayoutSource(parsed)
    case 'oci-archive':
      return ociArchiveSource(parsed)
    case 'docker-archive':
      return dockerArchiveSource(parsed)
    case 'rootfs':
      return rootfsSource({ directory: parsed.directory, wants })
  }
}
