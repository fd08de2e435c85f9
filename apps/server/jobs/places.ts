import {
  type Credentials,
  ociLayoutSource,
  type RegistryClient,
  registryClient,
  registrySource,
  type Source,
} from '@plimsoll/engine'
import { digestSchema } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { prepared } from '../db/statements.ts'
import { sampleLayout } from '../demo/samples.ts'

/** Where a scan's image is, and which advisories it is matched against. */
export interface ScanPlace {
  readonly registryId: string
  readonly kind: 'distribution' | 'demonstration'
  readonly url: string | null
  readonly repository: string
}

export function placeOf(db: Db, repositoryId: number): ScanPlace {
  const place = prepared(
    db,
    `select rg.id registryId, rg.kind, rg.url, rp.name repository
     from repository rp join registry rg on rg.id = rp.registry_id where rp.id = ?`,
  ).get(repositoryId) as ScanPlace | undefined
  if (place === undefined) throw new Error(`repository ${repositoryId} is not there`)
  return place
}

/** The snapshot shipped for the samples judges nothing but them. */
export const advisoriesFor = (place: Pick<ScanPlace, 'kind'>): AdvisorySource =>
  place.kind === 'demonstration' ? 'demonstration' : 'osv'

/** Opens what scans read, with one client for each registry. */
export interface Sources {
  client(url: string): RegistryClient
  open(place: ScanPlace, digest: string): Source
}

/**
 * @param credentials of the one registry they were given for; others are read anonymously. Kept in memory alone.
 */
export function createSources(
  dataDir: string,
  credentials: { readonly url: string; readonly credentials: Credentials } | null,
): Sources {
  const clients = new Map<string, RegistryClient>()
  const client = (url: string): RegistryClient => {
    const known = clients.get(url)
    if (known !== undefined) return known
    const made = registryClient({
      url,
      credentials: credentials?.url === url ? credentials.credentials : null,
    })
    clients.set(url, made)
    return made
  }
  return {
    client,
    open({ kind, url, repository }, digest) {
      if (kind === 'demonstration') {
        return ociLayoutSource({
          directory: sampleLayout(dataDir, repository),
          digest: digestSchema.parse(digest),
        })
      }
      if (url === null) throw new Error('a registry that is reached over HTTP has a URL')
      return registrySource({ url, client: client(url), repository, reference: digest })
    },
  }
}
