import type { Digest } from '@plimsoll/types'
import { digestOf, invalid } from './invalid-reference.ts'

/** An image in an OCI layout folder: `oci:DIR[:tag]` or `oci:DIR@digest`. */
export interface OciLayoutReference {
  readonly kind: 'oci-layout'
  readonly directory: string
  readonly tag: string | null
  readonly digest: Digest | null
}

/** An image in a tar archive of an OCI layout: `oci-archive:FILE[:tag]` or `oci-archive:FILE@digest`. */
export interface OciArchiveReference {
  readonly kind: 'oci-archive'
  readonly file: string
  readonly tag: string | null
  readonly digest: Digest | null
}

/** An image in an archive that `docker save` wrote: `docker-archive:FILE[:name]` or `docker-archive:FILE@id`. */
export interface DockerArchiveReference {
  readonly kind: 'docker-archive'
  readonly file: string
  /** `app:1.0`, or `1.0` alone. */
  readonly name: string | null
  /** Digest of the image's configuration, which Docker shows as its id. */
  readonly imageId: Digest | null
}

/** A root file system folder: `rootfs:DIR`. */
export interface RootfsReference {
  readonly kind: 'rootfs'
  readonly directory: string
}

/** What is kept in folders and files. */
export type LocalReference =
  | OciLayoutReference
  | OciArchiveReference
  | DockerArchiveReference
  | RootfsReference

/** Of the OCI image layout specification, "org.opencontainers.image.ref.name". */
const layoutTagPattern = /^[A-Za-z0-9][A-Za-z0-9._:@+-]*(?:\/[A-Za-z0-9][A-Za-z0-9._:@+-]*)*$/

/** @returns null when the text does not begin as such a reference does. @throws SourceError */
export function localReference(text: string): LocalReference | null {
  const [, scheme, rest = ''] = /^([a-z-]+):(.*)$/s.exec(text) ?? []
  return readLocal.find(([name]) => name === scheme)?.[1](text, rest) ?? null
}

export function formatLocalReference(reference: LocalReference): string {
  switch (reference.kind) {
    case 'rootfs':
      return `rootfs:${reference.directory}`
    case 'oci-layout':
      return withChoice(`oci:${reference.directory}`, reference.tag, reference.digest)
    case 'oci-archive':
      return withChoice(`oci-archive:${reference.file}`, reference.tag, reference.digest)
    case 'docker-archive':
      return withChoice(`docker-archive:${reference.file}`, reference.name, reference.imageId)
  }
}

/** A name with what is chosen of it. A digest wins over a tag. */
export function withChoice(name: string, tag: string | null, digest: Digest | null): string {
  if (digest !== null) return `${name}@${digest}`
  return tag === null ? name : `${name}:${tag}`
}

type ReadLocal = (text: string, rest: string) => LocalReference

/** By what such references begin with. */
const readLocal: readonly (readonly [string, ReadLocal])[] = [
  ['rootfs', rootfsReference],
  ['oci', layoutReference],
  ['oci-archive', ociArchiveReference],
  ['docker-archive', dockerArchiveReference],
]

function rootfsReference(text: string, directory: string): RootfsReference {
  if (directory === '') throw invalid(text, 'it names no folder', 'Write rootfs:DIR.')
  return { kind: 'rootfs', directory }
}

function layoutReference(text: string, rest: string): OciLayoutReference {
  const { path: directory, ...choice } = splitPath(text, rest, 'oci:DIR')
  return { kind: 'oci-layout', directory, ...choice }
}

function ociArchiveReference(text: string, rest: string): OciArchiveReference {
  const { path: file, ...choice } = splitPath(text, rest, 'oci-archive:FILE')
  return { kind: 'oci-archive', file, ...choice }
}

function dockerArchiveReference(text: string, rest: string): DockerArchiveReference {
  const { path: file, tag: name, digest: imageId } = splitPath(text, rest, 'docker-archive:FILE')
  return { kind: 'docker-archive', file, name, imageId }
}

/** @param form how such a reference is written, without tag and digest */
function splitPath(
  text: string,
  rest: string,
  form: string,
): { path: string; tag: string | null; digest: Digest | null } {
  const at = rest.lastIndexOf('@sha256:')
  if (at > 0) return { path: rest.slice(0, at), tag: null, digest: digestOf(text, rest.slice(at + 1)) }
  // As skopeo and umoci read it: the first colon ends the path.
  const colon = rest.indexOf(':')
  const path = colon === -1 ? rest : rest.slice(0, colon)
  if (path === '') {
    const what = form.endsWith('DIR') ? 'folder' : 'file'
    throw invalid(text, `it names no ${what}`, `Write ${form} or ${form}:TAG.`)
  }
  if (colon === -1) return { path, tag: null, digest: null }
  const tag = rest.slice(colon + 1)
  if (!layoutTagPattern.test(tag)) throw invalid(text, `"${tag}" is not a tag`, `Write ${form}:TAG.`)
  return { path, tag, digest: null }
}
