import { type ConnectableKind, type RegistryCredentials, registryCredentialsSchema } from '@plimsoll/types'
import type { Secrets } from '../access/secrets.ts'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { seal, unseal } from './vault.ts'

/** How a registry is asked, as it is stored. Its credentials stay sealed until somebody asks with them. */
export interface StoredConnection {
  readonly id: string
  readonly name: string
  readonly kind: ConnectableKind
  readonly url: string
  /** Null: none are stored. */
  readonly sealed: string | null
  readonly certificateAuthority: string | null
  readonly proxy: string | null
  /** Repositories to watch; empty: all of its catalogue. */
  readonly repositories: readonly string[]
}

/** @returns undefined when there is no such registry, it was removed, or it is not reached over HTTP. */
export function storedConnection(db: Db, registryId: string): StoredConnection | undefined {
  const row = prepared(
    db,
    `select id, name, kind, url, credentials sealed, certificate_authority certificateAuthority, proxy, repositories
     from registry where id = ? and kind <> 'demonstration' and url is not null and removed_at is null`,
  ).get(registryId) as (Omit<StoredConnection, 'repositories'> & { repositories: string | null }) | undefined
  return (
    row && {
      ...row,
      repositories: row.repositories === null ? [] : (JSON.parse(row.repositories) as string[]),
    }
  )
}

/** @throws Refusal when there is none such. */
export function requireConnection(db: Db, registryId: string): StoredConnection {
  const stored = storedConnection(db, registryId)
  if (stored !== undefined) return stored
  const kind = prepared(db, 'select kind from registry where id = ? and removed_at is null')
    .pluck()
    .get(registryId)
  if (kind === 'demonstration') {
    throw new Refusal('conflict', `${registryId} is the demonstration, and no connected registry.`, {
      hint: 'Its samples are read from the data folder; there is nothing to connect, change or remove.',
    })
  }
  throw new Refusal('not-found', `There is no registry ${registryId}.`)
}

/** What goes into the column `credentials`; nothing for those that are none. */
export const sealCredentials = (
  secrets: Secrets,
  registryId: string,
  credentials: RegistryCredentials,
): string | null =>
  credentials.kind === 'none' ? null : seal(secrets, JSON.stringify(credentials), contextOf(registryId))

/** @throws Refusal when they cannot be opened: they have to be given again. */
export function unsealCredentials(
  secrets: Secrets,
  { id, sealed }: Pick<StoredConnection, 'id' | 'sealed'>,
): RegistryCredentials {
  if (sealed === null) return { kind: 'none' }
  return registryCredentialsSchema.parse(JSON.parse(unseal(secrets, sealed, contextOf(id))))
}

const contextOf = (registryId: string): string => `registry ${registryId}`
