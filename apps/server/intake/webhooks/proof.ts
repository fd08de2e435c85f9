import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { JWTVerifyGetKey } from 'jose'
import { sameSecret } from '../../access/secrets.ts'
import { verifyGoogleToken } from './google-token.ts'
import type { Proof } from './kind.ts'

/** What a request brings to prove itself with, before its body. */
export interface Claim {
  readonly headers: IncomingHttpHeaders
  /** ?token= of the address. */
  readonly token: string | null
}

/** What it is held to. */
export interface Expected {
  readonly secret: string
  readonly serviceAccount: string | null
  /** Our address for this registry's events. */
  readonly audience: string
  readonly googleKeys: JWTVerifyGetKey
}

/** `later`: what proves it is a signature of the body. `unknown`: it cannot be told now. */
export type Verdict = 'proved' | 'refused' | 'later' | 'unknown'

export function judge(proof: Proof, claim: Claim, expected: Expected): Verdict | Promise<Verdict> {
  const { headers, token } = claim
  const { secret, serviceAccount } = expected
  switch (proof) {
    case 'header':
      return hasSecret(headers, secret) ? 'proved' : 'refused'
    case 'address':
      return sameSecret(token ?? '', secret) ? 'proved' : 'refused'
    case 'signature':
      return typeof headers['x-hub-signature-256'] === 'string' ? 'later' : 'refused'
    case 'google-token':
      if (serviceAccount === null) return sameSecret(token ?? '', secret) ? 'proved' : 'refused'
      return verifyGoogleToken(bare(headers.authorization), {
        keys: expected.googleKeys,
        audience: expected.audience,
        serviceAccount,
      })
  }
}

/** Whether the header is GitHub's signature of the body. */
export function isSigned(body: Uint8Array, headers: IncomingHttpHeaders, secret: string): boolean {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  return sameSecret(String(headers['x-hub-signature-256'] ?? ''), signature)
}

/** Whether our secret stands in one of the headers that registries can be told to send. */
export function hasSecret(headers: IncomingHttpHeaders, secret: string): boolean {
  const given = [bare(headers.authorization), String(headers['x-api-key'] ?? '')]
  return given.map(text => sameSecret(text, secret)).includes(true)
}

const bare = (authorization: string | undefined): string =>
  (authorization ?? '').replace(/^Bearer +/i, '').trim()
