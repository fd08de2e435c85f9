import type { Credentials } from '@plimsoll/engine'
import type { RegistryCredentials } from '@plimsoll/types'

/** Stored credentials in the form that the engine signs in with. */
export function engineCredentials(credentials: RegistryCredentials): Credentials | null {
  switch (credentials.kind) {
    case 'password':
      return { username: credentials.username, password: credentials.password }
    case 'acr-service-principal':
      return { username: credentials.clientId, password: credentials.clientSecret }
    default:
      return null
  }
}
