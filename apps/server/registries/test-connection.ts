import { testConnection as tryConnection } from '@plimsoll/engine'
import {
  type ConnectionTest,
  connectableKindSchema,
  type RegistryCredentials,
  registryConnectionSchema,
  registryCredentialsSchema,
} from '@plimsoll/types'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import { addressProblem, proxyUrl, registryUrl } from './address.ts'
import { noteTest } from './connection.ts'
import type { ConnectionDeps } from './deps.ts'
import { engineCredentials } from './engine-credentials.ts'
import { checkCredentials, checkedAuthority } from './given.ts'
import { refuseOtherWay } from './other-way.ts'
import { requireConnection, type StoredConnection, unsealCredentials } from './stored.ts'

/** A connection to try. Of a registry that is connected, what is left out is as it is stored. */
export const connectionToTestSchema = registryConnectionSchema.extend({
  registryId: z.string().max(100).optional(),
  kind: connectableKindSchema.optional(),
  credentials: registryCredentialsSchema.optional(),
  certificateAuthority: z.string().max(100_000).nullish(),
  proxy: z.string().trim().max(300).nullish(),
  repositories: z.array(z.string().trim().min(1).max(255)).max(10_000).optional(),
})
export type ConnectionToTest = z.infer<typeof connectionToTestSchema>

const timeLimitMs = 60_000

/**
 * Tries a connection and says what is in the way. Stored credentials go to the address that they are stored for, and
 * nowhere else. What trying a connected registry as it is stored comes to is kept with it.
 * @throws Refusal when what is given makes no sense, or stored credentials cannot be opened.
 */
export async function testConnection(
  given: ConnectionToTest,
  deps: ConnectionDeps,
  signal?: AbortSignal,
): Promise<ConnectionTest> {
  const stored = given.registryId === undefined ? null : requireConnection(deps.db, given.registryId)
  const allowPlainHttp = given.allowPlainHttp || stored?.url.startsWith('http:') === true
  const problem = addressProblem({ address: given.address, allowPlainHttp })
  if (problem !== null) return refusedAddress(problem)
  const url = registryUrl({ address: given.address, allowPlainHttp })
  if (stored !== null && stored.url !== url) {
    throw new Refusal('bad-request', `The address of ${stored.name} is ${stored.url}, and stays it.`, {
      hint: 'A registry at another address is another one: connect it as such.',
    })
  }
  const { host } = new URL(url)
  const proxy = given.proxy === undefined ? (stored?.proxy ?? null) : proxyUrl(given.proxy, deps.ownOrigins())
  const certificateAuthority =
    given.certificateAuthority === undefined
      ? (stored?.certificateAuthority ?? null)
      : checkedAuthority(given.certificateAuthority)
  if (stored !== null) refuseOtherWay({ ...given, certificateAuthority, proxy }, stored)
  const test = await tryConnection(
    {
      url,
      kind: given.kind ?? stored?.kind,
      credentials: engineCredentials(credentialsOf(given, stored, host, deps), { host, proxy }),
      certificateAuthority,
      proxy,
      repositories: given.repositories ?? stored?.repositories ?? [],
      refusedOrigins: deps.ownOrigins(),
    },
    AbortSignal.any([AbortSignal.timeout(timeLimitMs), ...(signal === undefined ? [] : [signal])]),
  )
  if (stored !== null && isAsStored(given, stored)) note(stored.id, test, deps)
  return test
}

function credentialsOf(
  { credentials }: ConnectionToTest,
  stored: StoredConnection | null,
  host: string,
  { secrets }: ConnectionDeps,
): RegistryCredentials {
  if (credentials !== undefined) {
    checkCredentials(credentials, host)
    return credentials
  }
  return stored === null ? { kind: 'none' } : unsealCredentials(secrets, stored)
}

const isAsStored = (given: ConnectionToTest, stored: StoredConnection): boolean =>
  given.credentials === undefined &&
  given.certificateAuthority === undefined &&
  (given.proxy === undefined || (given.proxy || null) === stored.proxy)

function note(registryId: string, test: ConnectionTest, { db, events }: ConnectionDeps): void {
  if (noteTest(db, registryId, test, new Date().toISOString())) {
    events.publish({ type: 'changed', what: 'registries' })
  }
}

const refusedAddress = (problem: NonNullable<ConnectionTest['problem']>): ConnectionTest => ({
  ok: false,
  url: '',
  kind: 'distribution',
  steps: [{ step: 'address', outcome: 'failed', message: problem.message }],
  problem,
  repositories: null,
})
