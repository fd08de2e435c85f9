import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { DataFolderError, reason } from '../db/data-folder.ts'
import { StartError } from '../start-error.ts'

const secret = z.string().min(40)
/** A file of a version that stored no credentials has no key for them. */
const fileSchema = z.object({ session: secret, webhook: secret, credentials: secret.optional() })

/**
 * Keys of this installation, made at its first start. Sessions are signed with one, another makes webhook secrets, and
 * `credentials` is what registries' credentials are sealed with (registries/vault.ts).
 */
export interface Secrets {
  readonly session: string
  readonly webhook: string
  readonly credentials: string
}

/**
 * @param keyFile a file that holds the key of credentials, so that it is not in the data folder; null: it is there.
 * @throws DataFolderError when the file is there and cannot be read, or holds something else.
 * @throws StartError when `keyFile` holds no key.
 */
export function loadSecrets(dataDir: string, keyFile: string | null = null): Secrets {
  const file = join(dataDir, 'secrets.json')
  const kept = keptSecrets(dataDir, file)
  if (keyFile !== null) return { ...kept, credentials: keyOf(keyFile) }
  if (kept.credentials !== undefined) return { ...kept, credentials: kept.credentials }
  const made: Secrets = { ...kept, credentials: newSecret() }
  replace(dataDir, file, made)
  return made
}

function keptSecrets(dataDir: string, file: string): z.infer<typeof fileSchema> {
  try {
    // Made only if it is not there: two starts at once must not end with different keys.
    const made = { session: newSecret(), webhook: newSecret() }
    writeFileSync(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' })
    return made
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new DataFolderError(`The data folder ${dataDir} cannot be written.`, { cause: error })
    }
  }
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new DataFolderError(
      `${file} is damaged. Remove it to have new keys made: everyone signs in again, registries need their new notifications block, and their credentials have to be given again.`,
      { cause: error },
    )
  }
}

/** In one step: a power cut leaves the old file or the new one. */
function replace(dataDir: string, file: string, secrets: Secrets): void {
  const beside = `${file}.new`
  try {
    // One that a crash left may have any mode.
    rmSync(beside, { force: true })
    writeFileSync(beside, JSON.stringify(secrets), { mode: 0o600, flag: 'wx', flush: true })
    renameSync(beside, file)
  } catch (error) {
    throw new DataFolderError(`The data folder ${dataDir} cannot be written.`, { cause: error })
  }
}

function keyOf(keyFile: string): string {
  let key: string
  try {
    key = readFileSync(keyFile, 'utf8').trim()
  } catch (error) {
    throw new StartError(
      `The key of credentials cannot be read (PLIMSOLL_CREDENTIALS_KEY_FILE): ${reason(error)}.`,
      { cause: error },
    )
  }
  if (key.length >= 40) return key
  throw new StartError(
    `${keyFile} (PLIMSOLL_CREDENTIALS_KEY_FILE) holds no key: 40 characters are the least. Make one with "openssl rand -base64 32".`,
  )
}

/**
 * What a registry proves itself with. It follows from the installation's key, so it is stored nowhere.
 * @param nonce `registry.webhook_nonce`: it makes the secret another than that of an earlier registry by this id, or
 *   than the registry's own before. Null for registries that are older than nonces.
 */
export const webhookSecret = ({ webhook }: Secrets, registryId: string, nonce: string | null): string =>
  createHmac('sha256', webhook)
    .update(['registry', registryId, ...(nonce === null ? [] : [nonce])].join(' '))
    .digest('base64url')

/** Equal or not, in a time that does not tell where they differ. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))

/** 256 random bits as text. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const hashOfToken = (token: string): string => sha256(token).toString('hex')

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
