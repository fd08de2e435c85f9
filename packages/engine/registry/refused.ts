import { credentialsHint } from './registry-url.ts'
import { SourceError } from './source-error.ts'

/** Errors of signing in. They name the registry and never what was sent to it. */
export const unauthorized = (message: string, hint: string = credentialsHint): SourceError =>
  new SourceError('unauthorized', message, { hint })

export const refusedAnonymous = (registry: URL): SourceError =>
  unauthorized(`${registry.origin} lets nobody in without a user name and password.`)

export const refusedPassword = (registry: URL): SourceError =>
  unauthorized(
    `${registry.origin} does not accept the user name and password.`,
    'Correct them, with the registry in the portal or in PLIMSOLL_REGISTRY_USERNAME and PLIMSOLL_REGISTRY_PASSWORD, or check that the user still exists.',
  )
