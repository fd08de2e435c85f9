import type { Secrets } from '../access/secrets.ts'
import type { Db } from '../db/open.ts'
import type { LastPulls } from '../intake/pulls/note-pulls.ts'
import { ecrLastPulls } from './ecr-pulls.ts'
import { regionOf } from './given.ts'
import { storedConnection, unsealCredentials } from './stored.ts'

/** Reads when images of a registry were last pulled; null where it does not keep that, or does not tell us. */
export function lastPullsOf(db: Db, secrets: Secrets, registryId: string): LastPulls | null {
  const stored = storedConnection(db, registryId)
  if (stored?.kind !== 'ecr') return null
  const credentials = unsealCredentials(secrets, stored)
  if (credentials.kind !== 'ecr') return null
  const { accessKeyId, secretAccessKey } = credentials
  const region = regionOf(credentials.region, new URL(stored.url).host)
  return region === null ? null : ecrLastPulls({ accessKeyId, secretAccessKey, region, proxy: stored.proxy })
}
