import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'

/** Google's public keys; fetched when first needed, and kept for a while. */
export const googleKeys = (): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL('https://www.googleapis.com/oauth2/v3/certs'), { timeoutDuration: 5000 })

/** What of jose's errors the token's bearer is to blame for; the others are that the keys could not be had. */
const ofToken = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
]

/**
 * Whether a token is Google's for this service account and this address.
 * https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 * @returns `unknown` when Google's keys could not be had.
 */
export async function verifyGoogleToken(
  token: string,
  { keys, audience, serviceAccount }: { keys: JWTVerifyGetKey; audience: string; serviceAccount: string },
): Promise<'proved' | 'refused' | 'unknown'> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: ['https://accounts.google.com', 'accounts.google.com'],
      audience,
      requiredClaims: ['exp', 'iat'],
      clockTolerance: 60,
    })
    return payload['email'] === serviceAccount && payload['email_verified'] === true ? 'proved' : 'refused'
  } catch (error) {
    return ofToken.some(kind => error instanceof kind) ? 'refused' : 'unknown'
  }
}
