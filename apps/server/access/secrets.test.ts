import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StartError } from '../start-error.ts'
import { loadSecrets, newSecret } from './secrets.ts'

let folder: string
const file = () => join(folder, 'secrets.json')
const mode = () => statSync(file()).mode & 0o777

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('keys are made once, for the owner alone', () => {
  const made = loadSecrets(folder)
  expect(new Set([made.session, made.webhook, made.credentials]).size).toBe(3)
  expect(loadSecrets(folder)).toEqual(made)
  expect(mode()).toBe(0o600)
})

test('a file without a key of credentials gets one added, and keeps the rest', () => {
  const old = { session: newSecret(), webhook: newSecret() }
  writeFileSync(file(), JSON.stringify(old), { mode: 0o600 })
  // As a crash in between would leave it.
  writeFileSync(`${file()}.new`, 'half', { mode: 0o644 })
  const made = loadSecrets(folder)
  expect(made).toMatchObject(old)
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(made)
  expect(mode()).toBe(0o600)
})

test('the key of credentials may be kept elsewhere', () => {
  const keyFile = join(folder, 'key')
  writeFileSync(keyFile, `${newSecret()}\n`)
  const { credentials } = loadSecrets(folder, keyFile)
  expect(credentials).toBe(readFileSync(keyFile, 'utf8').trim())
  expect(readFileSync(file(), 'utf8')).not.toContain('credentials')
  writeFileSync(keyFile, 'short')
  expect(() => loadSecrets(folder, keyFile)).toThrow('holds no key')
  expect(() => loadSecrets(folder, join(folder, 'none'))).toThrow(StartError)
})

test('a damaged file is told of, not replaced', () => {
  writeFileSync(file(), '{"session":')
  expect(() => loadSecrets(folder)).toThrow('is damaged. Remove it to have new keys made')
  expect(readFileSync(file(), 'utf8')).toBe('{"session":')
})
