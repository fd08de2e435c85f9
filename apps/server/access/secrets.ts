import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { DataFolderError } from '../db/data-folder.ts'

const secretsSchema = z.object({ session: z.string().min(40), webhook: z.string().min(40) })

/** Keys of this installation, made at its first start. Sessions are signed with one, the other makes webhook secrets. */
export type Secrets = z.infer<typeof secretsSchema>

/** @throws DataFolderError when the file is there and cannot be read, or holds something else. */
export function loadSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json')
  try {
    // Made only if it is not there: two starts at once must not end with different keys.
    const made: Secrets = { session: newSecret(), webhook: newSecret() }
    writeFileSync(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' })
    return made
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new DataFolderError(`The data folder ${dataDir} cannot be written.`, { cause: error })
    }
  }
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new DataFolderError(
      `${file} is damaged. Remove it to have new keys made: everyone signs in again, and registries need their new notifications block.`,
      { cause: error },
    )
  }
}

/** What a registry proves itself with. It follows from the installation's key, so it is stored nowhere. */
export const webhookSecret = ({ webhook }: Secrets, registryId: string): string =>
  createHmac('sha256', webhook).update(`registry ${registryId}`).digest('base64url')

/** Equal or not, in a time that does not tell where they differ. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))

/** 256 random bits as text. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const hashOfToken = (token: string): string => sha256(token).toString('hex')

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
