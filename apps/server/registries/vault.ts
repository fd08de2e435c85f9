import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Secrets } from '../access/secrets.ts'
import { Refusal } from '../refusal.ts'

/**
 * Credentials at rest: docs/decisions/0012-credentials-at-rest.md. A sealed text is `v1.NONCE.TEXT`, both base64url:
 * AES-256-GCM with a random nonce of 96 bits, its tag of 128 bits at the end of TEXT.
 */

const version = 'v1'
const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

type Key = Pick<Secrets, 'credentials'>

/**
 * Seals a secret with the installation's key, which is not in the database.
 * @param context what it belongs to, such as `registry ID`: it opens for nothing else.
 */
export function seal(secrets: Key, plain: string, context: string): string {
  const nonce = randomBytes(nonceBytes)
  const sealing = createCipheriv(cipher, keyOf(secrets), nonce, { authTagLength: tagBytes })
  sealing.setAAD(Buffer.from(context, 'utf8'))
  const text = Buffer.concat([sealing.update(plain, 'utf8'), sealing.final(), sealing.getAuthTag()])
  return [version, nonce.toString('base64url'), text.toString('base64url')].join('.')
}

/** @throws Refusal when it was sealed with another key, for something else, or was changed since. */
export function unseal(secrets: Key, sealed: string, context: string): string {
  const [given, nonceText = '', text = '', ...rest] = sealed.split('.')
  const nonce = Buffer.from(nonceText, 'base64url')
  const bytes = Buffer.from(text, 'base64url')
  try {
    if (given !== version || rest.length > 0 || nonce.length !== nonceBytes || bytes.length < tagBytes) {
      throw new Error('this is no sealed text of a version that is known')
    }
    const opening = createDecipheriv(cipher, keyOf(secrets), nonce, { authTagLength: tagBytes })
    opening.setAAD(Buffer.from(context, 'utf8'))
    opening.setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([opening.update(bytes.subarray(0, -tagBytes)), opening.final()]).toString('utf8')
  } catch (cause) {
    throw new Refusal(
      'conflict',
      'The stored credentials cannot be opened with the key of this installation.',
      {
        hint: 'Give the credentials again, or bring back the key that they were stored with (secrets.json of the data folder, or the file in PLIMSOLL_CREDENTIALS_KEY_FILE).',
        cause,
      },
    )
  }
}

/** The key's text has 256 random bits or more; this gives them the length that the cipher takes. */
const keyOf = ({ credentials }: Key): Buffer =>
  Buffer.from(hkdfSync('sha256', credentials, '', 'plimsoll registry credentials', 32))
