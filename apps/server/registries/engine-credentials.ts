import type { Credentials } from '@plimsoll/engine'
import type { RegistryCredentials } from '@plimsoll/types'
import { ecrPassword } from './ecr.ts'
import { regionOf } from './given.ts'

/**
 * Credentials as people give them in the form that the engine signs in with. `host` and `proxy` are the registry's.
 * @throws Error when they are for ECR and no region is known, which `checkCredentials` refuses.
 */
export function engineCredentials(
  credentials: RegistryCredentials,
  { host, proxy }: { readonly host: string; readonly proxy: string | null },
): Credentials | null {
  switch (credentials.kind) {
    case 'none':
      return null
    case 'password':
      return { username: credentials.username, password: credentials.password }
    case 'token':
      return { token: credentials.token }
    case 'acr-refresh-token':
      return { refreshToken: credentials.refreshToken }
    case 'acr-service-principal':
      return { username: credentials.clientId, password: credentials.clientSecret }
    case 'google-key':
      // https://cloud.google.com/artifact-registry/docs/docker/authentication#json-key
      return { username: '_json_key', password: credentials.key }
    case 'ecr': {
      const { accessKeyId, secretAccessKey } = credentials
      const region = regionOf(credentials.region, host)
      if (region === null) throw new Error('the region of an ECR registry is not known')
      return { obtain: signal => ecrPassword({ accessKeyId, secretAccessKey, region, proxy }, signal) }
    }
  }
}
