import { Transient } from './retry.ts'
import { SourceError } from './source-error.ts'

/** The connection broke or the machine was short of something for a moment. */
const passing = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'EAI_AGAIN', 'ENOBUFS', 'EMFILE'])

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ECONNRESET: 'it broke the connection off',
  ECONNABORTED: 'the connection broke off',
  EPIPE: 'it broke the connection off',
  ETIMEDOUT: 'it did not answer the connection',
}

const tlsFailure =
  /^(?:ERR_TLS_|CERT_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO$)/

/**
 * What a failed or broken connection means: `Transient` when another attempt may help, else a SourceError.
 *
 * @param origin scheme, host and port: the rest of an address may carry a signature that is as good as a password
 */
export function connectionFailure(cause: unknown, origin: string): Error {
  if (cause instanceof SourceError || cause instanceof Transient) return cause
  const code = errorCode(cause)
  if (tlsFailure.test(code)) return tlsError(cause, code, origin)
  if (code.startsWith('HPE_')) {
    return new SourceError('registry-error', `${origin} does not answer in HTTP.`, {
      cause,
      hint: origin.startsWith('http:') ? 'If it speaks HTTPS, write https:// before its name.' : undefined,
    })
  }
  const reason = reasons[code] ?? 'the connection failed'
  const error = new SourceError('registry-unreachable', `${origin} cannot be reached: ${reason}.`, {
    cause,
    hint: 'Check the address, that the registry runs, and that this machine may connect to it.',
  })
  return passing.has(code) ? new Transient(error) : error
}

function tlsError(cause: unknown, code: string, origin: string): SourceError {
  // What OpenSSL says when the other side answers a TLS hello in plain HTTP.
  const plain =
    code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG'
  return new SourceError(
    'registry-unreachable',
    plain ? `${origin} does not speak HTTPS.` : `The certificate of ${origin} is not trusted (${code}).`,
    {
      cause,
      ...(plain ? {} : { remedy: 'certificate' }),
      hint: plain
        ? 'If it speaks plain HTTP, write http:// before its name.'
        : 'Give its certificate authority in a PEM file named by NODE_EXTRA_CA_CERTS.',
    },
  )
}

function errorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return ''
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  // Node tries every address of a name and reports them together.
  return cause instanceof AggregateError ? errorCode(cause.errors[0]) : ''
}
