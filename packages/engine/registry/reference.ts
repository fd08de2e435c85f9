import { type Digest, digestSchema } from '@plimsoll/types'
import { isLoopbackHost } from './loopback.ts'
import { credentialsHint } from './registry-url.ts'
import { SourceError } from './source-error.ts'

/** An image in a registry: `host[:port]/repository[:tag][@digest]`. */
export interface RegistryReference {
  readonly kind: 'registry'
  /** Origin of the registry's API, e.g. `https://registry.example:5000`. */
  readonly url: string
  /** The host as people write it, e.g. `docker.io`, where the API may be at another. */
  readonly host: string
  readonly repository: string
  /** Null only when the digest alone names the image. */
  readonly tag: string | null
  /** Wins over the tag when both are given. */
  readonly digest: Digest | null
}

/** An image in an OCI layout folder: `oci:DIR[:tag]` or `oci:DIR@digest`. */
export interface OciLayoutReference {
  readonly kind: 'oci-layout'
  readonly directory: string
  readonly tag: string | null
  readonly digest: Digest | null
}

/** A root file system folder: `rootfs:DIR`. */
export interface RootfsReference {
  readonly kind: 'rootfs'
  readonly directory: string
}

export type Reference = RegistryReference | OciLayoutReference | RootfsReference

// The grammar of github.com/distribution/reference, regexp.go.
const repositoryComponent = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const hostPattern =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/
const tagPattern = /^\w[\w.-]{0,127}$/
/** Of the OCI image layout specification, "org.opencontainers.image.ref.name". */
const layoutTagPattern = /^[A-Za-z0-9][A-Za-z0-9._:@+-]*(?:\/[A-Za-z0-9][A-Za-z0-9._:@+-]*)*$/
const maxRepositoryLength = 255

export const isTag = (text: string): boolean => tagPattern.test(text)

/** Whether a text is a repository name of the distribution grammar. */
const isRepositoryName = (text: string): boolean =>
  text.length <= maxRepositoryLength && text.split('/').every(part => repositoryComponent.test(part))

/** Wider than the grammar, for registries that allow upper case, and still only what is harmless in an address. */
export const isRepositoryPath = (text: string): boolean =>
  text.length <= maxRepositoryLength &&
  /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/.test(text)

/**
 * Reads a reference: `host[:port]/repository[:tag][@digest]` (an `http://` or `https://` before it decides how the
 * registry is spoken to), `oci:DIR[:tag]`, `oci:DIR@digest`, `rootfs:DIR`.
 *
 * Without a scheme a registry is spoken to over HTTPS, and over HTTP on loopback. Without tag and digest the tag
 * is `latest`. `docker.io` means what it means to Docker; a name without any host is not guessed at.
 *
 * @throws SourceError `source-unreadable`, with what to write instead
 */
export function parseReference(text: string): Reference {
  const trimmed = text.trim()
  if (trimmed === '') throw invalid(text, 'it is empty')
  if (trimmed.includes('\0')) throw invalid(text, 'it holds a NUL character')
  if (trimmed.startsWith('oci:')) return layoutReference(trimmed)
  if (trimmed.startsWith('rootfs:')) return rootfsReference(trimmed)
  return registryReference(trimmed)
}

/** The canonical spelling: what `parseReference` reads back to the same. */
export function formatReference(reference: Reference): string {
  if (reference.kind === 'rootfs') return `rootfs:${reference.directory}`
  const name =
    reference.kind === 'oci-layout'
      ? `oci:${reference.directory}`
      : registryPart(reference) + reference.repository
  if (reference.digest !== null) return `${name}@${reference.digest}`
  return reference.tag === null ? name : `${name}:${reference.tag}`
}

/** The scheme is spelled only where a bare host would have been given the other one. */
function registryPart(reference: RegistryReference): string {
  const scheme = new URL(reference.url).protocol
  const spelled = scheme === defaultScheme(reference.host) ? '' : `${scheme}//`
  return `${spelled}${reference.host}/`
}

function rootfsReference(text: string): RootfsReference {
  const directory = text.slice('rootfs:'.length)
  if (directory === '') throw invalid(text, 'it names no folder', 'Write rootfs:DIR.')
  return { kind: 'rootfs', directory }
}

function layoutReference(text: string): OciLayoutReference {
  const rest = text.slice('oci:'.length)
  const at = rest.lastIndexOf('@sha256:')
  if (at > 0) {
    return {
      kind: 'oci-layout',
      directory: rest.slice(0, at),
      tag: null,
      digest: digestOf(text, rest.slice(at + 1)),
    }
  }
  // As skopeo and umoci read it: the first colon ends the folder.
  const colon = rest.indexOf(':')
  const directory = colon === -1 ? rest : rest.slice(0, colon)
  if (directory === '') throw invalid(text, 'it names no folder', 'Write oci:DIR or oci:DIR:TAG.')
  if (colon === -1) return { kind: 'oci-layout', directory, tag: null, digest: null }
  const tag = rest.slice(colon + 1)
  if (!layoutTagPattern.test(tag)) throw invalid(text, `"${tag}" is not a tag`, 'Write oci:DIR:TAG.')
  return { kind: 'oci-layout', directory, tag, digest: null }
}

function registryReference(text: string): RegistryReference {
  const scheme = /^(https?:)\/\//i.exec(text)
  const rest = scheme === null ? text : text.slice(scheme[0].length)
  const slash = rest.indexOf('/')
  const host = rest.slice(0, Math.max(slash, 0))
  if (slash === -1 || (scheme === null && !namesAHost(host))) throw withoutHost(text, rest)
  if (host.includes('@')) {
    throw new SourceError('source-unreadable', 'A reference holds no user name or password.', {
      hint: credentialsHint,
    })
  }
  if (!hostPattern.test(host)) throw invalid(text, 'it does not begin with a host name')

  const { name, tag, digest } = splitName(text, rest.slice(slash + 1))
  const url = apiUrl(text, (scheme?.[1] ?? defaultScheme(host)).toLowerCase(), host)
  return {
    kind: 'registry',
    url,
    host: host.toLowerCase(),
    repository: repositoryOf(text, host, name),
    tag: tag ?? (digest === null ? 'latest' : null),
    digest,
  }
}

function splitName(text: string, rest: string): { name: string; tag: string | null; digest: Digest | null } {
  const at = rest.indexOf('@')
  const digest = at === -1 ? null : digestOf(text, rest.slice(at + 1))
  const named = at === -1 ? rest : rest.slice(0, at)
  const colon = named.indexOf(':')
  if (colon === -1) return { name: named, tag: null, digest }
  const tag = named.slice(colon + 1)
  if (!isTag(tag)) {
    throw invalid(text, `"${tag}" is not a tag`, 'A tag has up to 128 letters, digits, "_", "." and "-".')
  }
  return { name: named.slice(0, colon), tag, digest }
}

function repositoryOf(text: string, host: string, name: string): string {
  if (name !== name.toLowerCase()) throw invalid(text, 'a repository name is in lower case')
  if (!isRepositoryName(name)) throw invalid(text, `"${name}" is not a repository name`)
  return isDockerHub(host) && !name.includes('/') ? `library/${name}` : name
}

function digestOf(text: string, digest: string): Digest {
  const parsed = digestSchema.safeParse(digest)
  if (parsed.success) return parsed.data
  throw invalid(text, `"${digest}" is not a digest`, 'Write sha256: and 64 hexadecimal digits in lower case.')
}

/** Docker's own rule for telling a host from the first part of a repository name. */
const namesAHost = (part: string): boolean =>
  /[.:]/.test(part) || part === 'localhost' || part.startsWith('[')

const isDockerHub = (host: string): boolean => /^(index\.)?docker\.io$/i.test(host)

function apiUrl(text: string, scheme: string, host: string): string {
  // Docker Hub's API has never been at the name that its references carry.
  const apiHost = isDockerHub(host) ? 'registry-1.docker.io' : host
  if (!URL.canParse(`${scheme}//${apiHost}`)) throw invalid(text, 'it does not begin with a host name')
  return new URL(`${scheme}//${apiHost}`).origin
}

function defaultScheme(host: string): string {
  return URL.canParse(`http://${host}`) && isLoopbackHost(new URL(`http://${host}`).hostname)
    ? 'http:'
    : 'https:'
}

function withoutHost(text: string, rest: string): SourceError {
  const [, name = rest, suffix = ''] = /^([^:@]*)(.*)$/.exec(rest) ?? []
  const path = name.includes('/') ? name : `library/${name}`
  return invalid(
    text,
    'it names no registry',
    `Write the registry's host before the repository: for Docker Hub docker.io/${path}${suffix}, for a folder oci:DIR or rootfs:DIR.`,
  )
}

function invalid(text: string, why: string, hint?: string): SourceError {
  // A password that someone wrote into it is not repeated.
  const clean = text.replace(/\/\/.*@(?!sha256:)/s, '//...@')
  const shown = clean.length > 300 ? `${clean.slice(0, 300)}...` : clean
  return new SourceError('source-unreadable', `"${shown}" is not an image reference: ${why}.`, {
    hint: hint ?? 'Write host/repository:tag, host/repository@sha256:..., oci:DIR[:tag] or rootfs:DIR.',
  })
}
