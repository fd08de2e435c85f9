import { Refusal } from '../refusal.ts'

const hub = 'https://registry-1.docker.io'
/** Names by which people know Docker Hub; none of them but the last answers the registry's API. */
const hubHosts: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'hub.docker.com'])

/**
 * The origin of the registry that somebody means: https unless the address says otherwise. Text that may hold a
 * password is not repeated.
 * @returns such as `https://registry.example:5000`
 * @throws Refusal when it is none, or plain http that was not chosen.
 */
export function registryUrl({
  address,
  allowPlainHttp,
}: {
  address: string
  allowPlainHttp: boolean
}): string {
  const text = address.includes('://') ? address : `https://${address}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new Refusal('bad-request', 'This is not the address of a registry.', { hint: example })
  }
  if (url.username !== '' || url.password !== '') {
    throw new Refusal('bad-request', 'The address must not hold a user name or a password.', {
      hint: 'Choose how to sign in, and give them there.',
    })
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new Refusal('bad-request', `Give the address of the whole registry, without a path: ${url.host}.`, {
      hint: 'To watch some of its repositories only, name them.',
    })
  }
  if (hubHosts.has(url.hostname)) return hub
  if (url.protocol === 'http:' && !allowPlainHttp) {
    throw new Refusal('bad-request', 'Over plain http, passwords and images travel in the clear.', {
      hint: 'Use https, or allow plain http for this registry.',
    })
  }
  return url.origin
}

const example = 'Write a host such as registry.example, registry.example:5000 or https://registry.example.'

/** `http://host:port` of a proxy. @throws Refusal */
export function proxyUrl(proxy: string | null): string | null {
  if (proxy === null || proxy === '') return null
  const url = URL.canParse(proxy) ? new URL(proxy) : null
  const plain = url !== null && url.protocol === 'http:' && url.hostname !== ''
  if (!plain || url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '') {
    throw new Refusal('bad-request', 'This is not the address of a proxy.', {
      hint: 'Write scheme, host and port, without a user or a path: http://proxy.example:3128.',
    })
  }
  return url.origin
}
