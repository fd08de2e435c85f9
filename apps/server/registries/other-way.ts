import { Refusal } from '../refusal.ts'
import type { StoredConnection } from './stored.ts'

/**
 * Stored credentials go the way that they were given for. Through another proxy, or trusting another authority, whoever
 * chose those could read them on the way.
 * @throws Refusal when they would
 */
export function refuseOtherWay(
  given: {
    readonly credentials?: unknown
    readonly certificateAuthority?: string | null | undefined
    readonly proxy?: string | null | undefined
  },
  stored: StoredConnection,
): void {
  if (stored.sealed === null || given.credentials !== undefined) return
  const { certificateAuthority, proxy } = given
  const isOther =
    (certificateAuthority && certificateAuthority !== stored.certificateAuthority) ||
    (proxy && proxy !== stored.proxy)
  if (!isOther) return
  throw new Refusal(
    'bad-request',
    'With another proxy or certificate authority the credentials have to be given again.',
    { hint: 'What is stored goes only the way that it was given for.' },
  )
}
