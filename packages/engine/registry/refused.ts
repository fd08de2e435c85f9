import { credentialsHint } from './registry-url.ts'
import { SourceError } from './source-error.ts'

/** Errors of signing in. They name the registry and never what was sent to it. */
export const unauthorized = (message: string, hint: string | null = null): SourceError =>
  hint === null
    ? new SourceError('unauthorized', message, { hint: credentialsHint, remedy: 'credentials' })
    : new SourceError('unauthorized', message, { hint })

export const refusedAnonymous = (registry: URL): SourceError =>
  unauthorized(`${registry.origin} lets nobody in without a user name and password.`)

export const refusedPassword = (registry: URL): SourceError =>
  refusedCredentials(registry, 'user name and password')

export const refusedToken = (registry: URL): SourceError => refusedCredentials(registry, 'token')

const refusedCredentials = (registry: URL, what: string): SourceError =>
  new SourceError('unauthorized', `${registry.origin} does not accept the ${what}.`, {
    hint: 'Correct them, with the registry in the portal or in PLIMSOLL_REGISTRY_USERNAME and PLIMSOLL_REGISTRY_PASSWORD, or check that the user still exists.',
    remedy: 'other-credentials',
  })
