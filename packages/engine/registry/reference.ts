import type { Digest } from '@plimsoll/types'
import { digestOf, invalid } from './invalid-reference.ts'
import { formatLocalReference, type LocalReference, localReference, withChoice } from './local-reference.ts'
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

export type Reference = RegistryReference | LocalReference

// The grammar of github.com/distribution/reference, regexp.go.
const repositoryComponent = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const hostPattern =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/
const tagPattern = /^\w[\w.-]{0,127}$/
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
 * registry is spoken to), `oci:DIR[:tag]`, `oci:DIR@digest`, `oci-archive:FILE[:tag]`, `oci-archive:FILE@digest`,
 * `docker-archive:FILE[:name]`, `docker-archive:FILE@id`, `rootfs:DIR`.
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
  return localReference(trimmed) ?? registryReference(trimmed)
}

/** The canonical spelling: what `parseReference` reads back to the same. */
export function formatReference(reference: Reference): string {
  if (reference.kind !== 'registry') return formatLocalReference(reference)
  return withChoice(registryPart(reference) + reference.repository, reference.tag, reference.digest)
}

/** The scheme is spelled only where a bare host would have been given the other one. */
function registryPart(reference: RegistryReference): string {
  const scheme = new URL(reference.url).protocol
  const spelled = scheme === defaultScheme(reference.host) ? '' : `${scheme}//`
  return `${spelled}${reference.host}/`
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
  const local = 'for a folder oci:DIR or rootfs:DIR, for a file docker-archive:FILE or oci-archive:FILE.'
  if (rest.startsWith('/')) return invalid(text, 'it is a path', `Say what is there: ${local}`)
  return invalid(
    text,
    'it names no registry',
    `Write the registry's host before the repository: for Docker Hub docker.io/${path}${suffix}, ${local}`,
  )
}
