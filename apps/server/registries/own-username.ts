import type { SourcesDeps } from './sources.ts'
import { storedConnection, unsealCredentials } from './stored.ts'

/** The name that a registry is asked with, by which its events tell our pulls from others'; null when it has none. */
export function ownUsername(
  { db, secrets, given }: Omit<SourcesDeps, 'dataDir'>,
  registryId: string,
): string | null {
  const stored = storedConnection(db, registryId)
  if (stored === undefined) return null
  const credentials =
    stored.sealed === null
      ? given?.url === stored.url
        ? given.credentials
        : null
      : unsealCredentials(secrets, stored)
  return credentials !== null && 'username' in credentials ? credentials.username : null
}
