import { X509Certificate } from 'node:crypto'
import type { RegistryCredentials } from '@plimsoll/types'
import { Refusal } from '../refusal.ts'

/** What people give beside an address, looked at before it is stored. */

/** @returns the certificates as they were given, or null for none. @throws Refusal */
export function checkedAuthority(pem: string | null): string | null {
  if (pem === null || pem.trim() === '') return null
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (pem.includes('PRIVATE KEY')) {
    throw new Refusal('bad-request', 'This holds a private key. Give the certificate alone.')
  }
  if (blocks.length === 0 || !blocks.every(isCertificate)) {
    throw new Refusal('bad-request', 'This is not a certificate.', {
      hint: 'Give it as PEM: it begins with -----BEGIN CERTIFICATE-----.',
    })
  }
  return blocks.join('\n')
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}

/** @throws Refusal when they cannot be meant for a registry at this host. */
export function checkCredentials(credentials: RegistryCredentials, host: string): void {
  if (credentials.kind === 'google-key' && !isServiceAccountKey(credentials.key)) {
    throw new Refusal('bad-request', 'This is not the key of a service account.', {
      hint: 'Give the whole JSON file that Google Cloud made for it.',
    })
  }
  if (credentials.kind === 'ecr' && regionOf(credentials.region, host) === null) {
    throw new Refusal('bad-request', 'The region of this registry is not known.', {
      hint: 'Give it, for example eu-central-1.',
    })
  }
}

function isServiceAccountKey(text: string): boolean {
  try {
    const key: unknown = JSON.parse(text)
    return typeof key === 'object' && key !== null && 'client_email' in key && 'private_key' in key
  } catch {
    // The parser quotes what it read: its error is not kept.
    return false
  }
}

/** As given, or of a host such as `123456789012.dkr.ecr.eu-central-1.amazonaws.com`. */
export function regionOf(given: string | undefined, host: string): string | null {
  const named = given ?? /\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./.exec(host)?.[1] ?? null
  return named !== null && /^[a-z0-9-]{1,40}$/.test(named) ? named : null
}
