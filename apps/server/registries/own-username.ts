import { Refusal } from '../refusal.ts'
import type { SourcesDeps } from './sources.ts'
import { storedConnection, unsealCredentials } from './stored.ts'

/** The name that a registry is asked with, by which its events tell our pulls from others'; null when it has none. */
export function ownUsername(
  { db, secrets, given }: Omit<SourcesDeps, 'dataDir'>,
  registryId: string,
): string | null {
  const stored = storedConnection(db, registryId)
  if (stored === undefined) return null
  if (stored.sealed === null) {
    const credentials = given?.url === stored.url ? given.credentials : null
    return credentials !== null && 'username' in credentials ? credentials.username : null
  }
  try {
    const credentials = unsealCredentials(secrets, stored)
    return 'username' in credentials ? credentials.username : null
  } catch (error) {
    // Without their key nothing is asked with them either.
    if (error instanceof Refusal) return null
    throw error
  }
}
