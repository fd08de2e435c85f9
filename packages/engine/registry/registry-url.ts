import { SourceError } from './source-error.ts'

/**
 * The address of a registry: scheme, host and port, nothing else. Text that may hold a password is not repeated.
 *
 * @throws SourceError `source-unreadable`
 */
export function parseRegistryUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid("The registry's address is not an http or https address.")
  }
  if (url.username !== '' || url.password !== '') {
    throw new SourceError(
      'source-unreadable',
      "The registry's address must not hold a user name or password.",
      { hint: credentialsHint },
    )
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw invalid(`The registry's address has more than a host: ${url.origin}${url.pathname}.`)
  }
  return url
}

const invalid = (message: string): SourceError =>
  new SourceError('source-unreadable', message, {
    hint: 'Write scheme, host and port only, e.g. https://registry.example or http://127.0.0.1:5000.',
  })

/** How credentials are given; nowhere else. */
export const credentialsHint =
  'Give credentials: with the registry in the portal, or in PLIMSOLL_REGISTRY_USERNAME and PLIMSOLL_REGISTRY_PASSWORD.'
