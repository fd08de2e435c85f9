import { readFile } from 'node:fs/promises'
import { credentialKinds, type RegistryCredentials, registryCredentialsSchema } from '@plimsoll/types'
import { NotDone } from './action.ts'
import { standardInput } from './standard-input.ts'

/** What commands are given in files, never on the command line. */

export const fileHelp = `Credentials are never given on the command line, where others could see them. FILE holds JSON such as
  {"kind": "password", "username": "...", "password": "..."}
with one of the kinds ${credentialKinds.join(', ')}.`

export async function credentialsOf(file: string): Promise<RegistryCredentials> {
  const content = file === '-' ? await standardInput() : await contentOf(file)
  try {
    return registryCredentialsSchema.parse(JSON.parse(content))
  } catch {
    // What is wrong with it could be part of a secret, so it is not told.
    throw new NotDone(`${file === '-' ? 'Standard input' : file} holds no credentials as JSON. See --help.`)
  }
}

export async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new NotDone(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}.`)
  }
}
