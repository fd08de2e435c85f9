import type { ConnectableKind } from '@plimsoll/types'

/** Hosts of registries that somebody else runs. First that matches wins; a host name without its port, lower-case. */
const hosts: readonly (readonly [RegExp, ConnectableKind])[] = [
  [/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.azurecr\.(?:io|us|cn)$/, 'acr'],
  [/^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|hub\.docker\.com)$/, 'docker-hub'],
  [/^(?:ghcr\.io|docker\.pkg\.github\.com)$/, 'ghcr'],
  [/^\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/, 'ecr'],
  [/^\d{12}\.dkr-ecr(?:-fips)?\.[a-z0-9-]+\.on\.aws$/, 'ecr'],
  [/^(?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)$/, 'artifact-registry'],
]

/** What kind of registry a host is by its name alone; null for one that could be anything. */
export function kindOfHost(hostname: string): ConnectableKind | null {
  const host = hostname.toLowerCase().replace(/\.$/, '')
  return hosts.find(([pattern]) => pattern.test(host))?.[1] ?? null
}

/** What kind a registry is by how it asks to be signed in to (WWW-Authenticate); Harbor names itself there. */
export const kindOfChallenge = (wwwAuthenticate: string | undefined): ConnectableKind =>
  /service="harbor-registry"/i.test(wwwAuthenticate ?? '') ? 'harbor' : 'distribution'
