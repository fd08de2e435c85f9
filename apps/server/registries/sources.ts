import {
  type Credentials,
  type LastPulls,
  lastPulls,
  ociLayoutSource,
  type RegistryClient,
  type RegistryOptions,
  registryClient,
  registrySource,
  type Source,
  SourceError,
} from '@plimsoll/engine'
import { digestSchema } from '@plimsoll/types'
import type { Secrets } from '../access/secrets.ts'
import type { Db } from '../db/open.ts'
import { sampleLayout } from '../demo/samples.ts'
import type { ScanPlace } from '../jobs/places.ts'
import { Refusal } from '../refusal.ts'
import { adviceFor } from './advice.ts'
import { ecrLastPullsOf } from './ecr-pulls.ts'
import { engineCredentials } from './engine-credentials.ts'
import { type StoredConnection, storedConnection, unsealCredentials } from './stored.ts'

/** Opens what scans read, with one client for each registry, which keeps connections and tokens. */
export interface Sources {
  /**
   * The registry's client, by its id.
   * @throws SourceError when the registry was removed, or its stored credentials cannot be opened
   */
  client(registryId: string): RegistryClient
  /**
   * When images of the registry were last pulled; null where it does not keep that.
   * @throws SourceError as `client` does
   */
  lastPulls(registryId: string): LastPulls | null
  /** @throws SourceError as `client` does */
  open(place: ScanPlace, digest: string): Source
  /** The registry's row changed: the next who asks gets a client made of what stands there then. */
  forget(registryId: string): void
}

export interface SourcesDeps {
  readonly db: Db
  readonly dataDir: string
  readonly secrets: Secrets
  /**
   * Of the environment, for the registry at `url`, as long as none are stored for it. Kept in memory alone.
   */
  readonly given: { readonly url: string; readonly credentials: Credentials } | null
}

export function createSources(deps: SourcesDeps): Sources {
  const clients = new Map<string, RegistryClient>()
  const client = (registryId: string): RegistryClient => {
    const known = clients.get(registryId)
    if (known !== undefined) return known
    const stored = storedConnection(deps.db, registryId)
    if (stored === undefined) {
      throw new SourceError('registry-unreachable', 'The registry is not connected any more.')
    }
    const made = registryClient(optionsOf(stored, deps))
    clients.set(registryId, made)
    return made
  }
  return {
    client,
    lastPulls(registryId) {
      const stored = storedConnection(deps.db, registryId)
      if (stored === undefined) return null
      if (stored.kind === 'ecr') return ecrLastPullsOf(stored, deps.secrets)
      return lastPulls({ kind: stored.kind, ...optionsOf(stored, deps) })
    },
    forget: registryId => void clients.delete(registryId),
    open({ registryId, kind, repository }, digest) {
      if (kind === 'demonstration') {
        const directory = sampleLayout(deps.dataDir, repository)
        return ociLayoutSource({ directory, digest: digestSchema.parse(digest) })
      }
      const one = client(registryId)
      return registrySource({ url: one.url, client: one, repository, reference: digest })
    },
  }
}

const optionsOf = (stored: StoredConnection, deps: SourcesDeps): RegistryOptions => ({
  url: stored.url,
  credentials: credentialsOf(stored, deps),
  // Of what the environment gives for --registry the engine's own hints speak.
  ...(stored.sealed === null && deps.given?.url === stored.url ? {} : { advice: adviceFor(stored.id) }),
  ...(stored.certificateAuthority === null ? {} : { certificateAuthority: stored.certificateAuthority }),
  ...(stored.proxy === null ? {} : { proxy: stored.proxy }),
})

function credentialsOf(stored: StoredConnection, { secrets, given }: SourcesDeps): Credentials | null {
  if (stored.sealed === null) return given?.url === stored.url ? given.credentials : null
  try {
    return engineCredentials(unsealCredentials(secrets, stored), {
      host: new URL(stored.url).host,
      proxy: stored.proxy,
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new SourceError('unauthorized', error.message, { hint: error.hint, cause: error })
  }
}
