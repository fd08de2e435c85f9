import type { ConnectionCode } from '@plimsoll/types'

/** What to do about each thing that can stand in the way of a connection; null where its sentence says it all. */
export const connectionHint: Readonly<Record<ConnectionCode, string | null>> = {
  'address-invalid': 'Connect it anew with a right address.',
  'address-refused': null,
  'plain-http-not-allowed': 'Use https, or connect it anew and choose plain http.',
  'name-not-found': 'Check the name, and the name service of the computer that Plimsoll runs on.',
  'connection-refused': 'Check that the registry runs and listens on that port.',
  timeout:
    'Most often a firewall swallows the connection. Let the computer that Plimsoll runs on through, or set a proxy.',
  'certificate-untrusted': 'Give the certificate authority that signed it.',
  'certificate-expired': 'Renew the certificate of the registry.',
  'certificate-wrong-host': 'Use the name that the certificate is for.',
  'tls-failed': 'Check that the port speaks TLS.',
  'proxy-failed': 'Check the proxy and its address.',
  firewalled:
    'Let the address of the computer that Plimsoll runs on through the registry’s firewall. Until then its images are not scanned and not charged.',
  'not-a-registry': 'Check the address: what answers there is no registry.',
  'credentials-missing': 'Give credentials.',
  'credentials-refused': 'Replace the credentials: they may have ended or been withdrawn.',
  'no-catalogue': 'Name the repositories that are to be watched.',
  'rate-limited': 'It is asked again by itself, later.',
  'registry-error': 'It is asked again by itself. Look into the registry’s log if it stays.',
}
