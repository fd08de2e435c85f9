import type { ConnectionCode, ConnectionTest } from '@plimsoll/types'
import { AddressRefused } from './guarded-lookup.ts'
import { ProxyFailed } from './proxy.ts'
import { Transient } from './retry.ts'
import { SourceError } from './source-error.ts'

export type Step = ConnectionTest['steps'][number]['step']

/** What is in the way of a connection. */
export class Obstacle extends Error {
  readonly code: ConnectionCode
  readonly hint: string | null

  constructor(code: ConnectionCode, message: string, hint: string | null = null, cause?: unknown) {
    super(message, { cause })
    this.name = 'Obstacle'
    this.code = code
    this.hint = hint
  }

  /** What a failure of a step comes to. */
  static of(error: unknown, origin: string): Obstacle {
    if (error instanceof Obstacle) return error
    const known = error instanceof Transient ? error.error : error
    if (known instanceof AddressRefused) return new Obstacle('address-refused', known.message, known.hint)
    if (known instanceof ProxyFailed) return new Obstacle('proxy-failed', known.message, known.hint)
    if (known instanceof SourceError) return ofSource(known)
    return ofNetwork(codeOf(known), origin, known)
  }
}

/** What kind of trouble with its registry an error tells of. */
export const connectionCodeOf = (error: SourceError): ConnectionCode => Obstacle.of(error, '').code

function ofSource(error: SourceError): Obstacle {
  const inner = codeOf(error.cause)
  if (error.code === 'registry-unreachable' && inner !== '') {
    const obstacle = ofNetwork(inner, '', error)
    if (obstacle.code !== 'registry-error') return new Obstacle(obstacle.code, error.message, obstacle.hint)
  }
  const codes = {
    'registry-timeout': 'timeout',
    'registry-rate-limited': 'rate-limited',
    unauthorized: 'credentials-refused',
  } as const
  const code = error.code in codes ? codes[error.code as keyof typeof codes] : 'registry-error'
  return new Obstacle(code, error.message, error.hint)
}

const expired = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])
const otherProtocol =
  /^(?:EPROTO|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|.*PROTOCOL.*|.*ALERT.*)|HPE_.*)$/

/** @param origin for people: `https://registry.example` */
export function ofNetwork(code: string, origin: string, cause?: unknown): Obstacle {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') {
    const hint = 'Check its spelling, and that this machine can look it up.'
    return new Obstacle('name-not-found', `The name of ${origin} is not known.`, hint, cause)
  }
  if (code === 'ECONNREFUSED') {
    const hint = 'Check the port, and that the registry runs.'
    return new Obstacle('connection-refused', `Nothing listens at ${origin}.`, hint, cause)
  }
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return new Obstacle('timeout', `${origin} does not answer.`, firewallHint, cause)
  }
  if (expired.has(code)) {
    return new Obstacle(
      'certificate-expired',
      `The certificate of ${origin} has expired, or does not hold yet.`,
      'Renew it at the registry, and check the clocks of both machines.',
      cause,
    )
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return new Obstacle(
      'certificate-wrong-host',
      `The certificate that ${origin} shows is for another name.`,
      'Use the name that the certificate is for.',
      cause,
    )
  }
  if (otherProtocol.test(code)) {
    return new Obstacle(
      'tls-failed',
      `${origin} does not speak what its address says.`,
      'A registry over plain http has http:// before its name, one over TLS https://.',
      cause,
    )
  }
  if (/^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_)/.test(code)) {
    return new Obstacle(
      'certificate-untrusted',
      `The certificate of ${origin} is not signed by anybody who is trusted here.`,
      'Give the certificate (PEM) of the authority that signed it (on the command line --certificate-authority FILE).',
      cause,
    )
  }
  return new Obstacle('registry-error', `The connection to ${origin} failed.`, null, cause)
}

export const firewallHint =
  'A firewall may swallow the packets, or the registry may be in a private network that this machine is not in.'

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return ''
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof AggregateError ? codeOf(cause.errors[0]) : codeOf(cause.cause)
}
