import { type Renewal, renewal } from './renewal.ts'
import type { Timing } from './retry.ts'

/** What a registry is asked with. */
export type Credentials = PasswordCredentials | BearerToken | RefreshToken | PasswordProvider

export interface PasswordCredentials {
  readonly username: string
  readonly password: string
}

/** A bearer token that is sent as it is. */
export interface BearerToken {
  readonly token: string
}

/** Exchanged for access tokens by OAuth 2 (https://distribution.github.io/distribution/spec/auth/oauth/), as ACR's are. */
export interface RefreshToken {
  readonly refreshToken: string
}

interface ProvidedPassword extends PasswordCredentials {
  readonly expiresAtMs: number
}

/**
 * A password that somebody else gives out for a while, as Amazon ECR does; asked for again before it expires, and once
 * when it is refused. `obtain` throws SourceError.
 */
export interface PasswordProvider {
  obtain(signal: AbortSignal): Promise<ProvidedPassword>
}

/** The header of basic authentication, from a password that is there or one that is given out for a while. */
export interface Password {
  readonly isThere: boolean
  header(signal: AbortSignal): Promise<string | null>
  /** Whether asking again with the next header could help, now that this one was refused. */
  refused(header: string): boolean
}

export function passwordOf(
  credentials: Exclude<Credentials, BearerToken | RefreshToken> | null,
  timing: Timing,
): Password {
  if (credentials === null || !('obtain' in credentials)) {
    const header = credentials === null ? null : basicHeader(credentials)
    return { isThere: header !== null, header: () => Promise.resolve(header), refused: () => false }
  }
  const passwords: Renewal<ProvidedPassword> = renewal(signal => credentials.obtain(signal), timing)
  let latest: { readonly password: ProvidedPassword; readonly header: string } | null = null
  return {
    isThere: true,
    async header(signal) {
      const password = await passwords.current(signal)
      if (latest?.password !== password) latest = { password, header: basicHeader(password) }
      return latest.header
    },
    refused(header) {
      // Another than the latest was refused: the latest is worth an attempt.
      return latest?.header !== header || passwords.refused(latest.password)
    },
  }
}

/**
 * A refresh token where a registry asks for a name and a password: as ACR documents it, with a name that says that it
 * is none (https://learn.microsoft.com/azure/container-registry/container-registry-authentication).
 */
export const asPassword = ({ refreshToken }: RefreshToken): PasswordCredentials => ({
  username: '00000000-0000-0000-0000-000000000000',
  password: refreshToken,
})

const basicHeader = ({ username, password }: PasswordCredentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
