import { expect, test } from 'vitest'
import { newSecret } from '../access/secrets.ts'
import { Refusal } from '../refusal.ts'
import { seal, unseal } from './vault.ts'

const secrets = { credentials: newSecret() }
const plain = JSON.stringify({ kind: 'password', username: 'quartermaster', password: 'öpen sesame' })

test('what was sealed opens again, and shows nothing of it', () => {
  const sealed = seal(secrets, plain, 'registry a')
  expect(unseal(secrets, sealed, 'registry a')).toBe(plain)
  expect(sealed).toMatch(/^v1\.[\w-]{16}\.[\w-]+$/)
  expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').includes('sesame')).toBe(false)
})

test('the same secret is sealed differently each time', () => {
  const sealed = new Set(Array.from({ length: 20 }, () => seal(secrets, plain, 'registry a')))
  expect(sealed.size).toBe(20)
})

test('it opens with no other key, for nothing else, and not when it was changed', () => {
  const sealed = seal(secrets, plain, 'registry a')
  const [, nonce = '', text = ''] = sealed.split('.')
  const flipped = Buffer.from(text, 'base64url')
  flipped[3] = (flipped[3] ?? 0) ^ 1
  const tries: [{ credentials: string }, string, string][] = [
    [{ credentials: newSecret() }, sealed, 'registry a'],
    [secrets, sealed, 'registry b'],
    [secrets, `v1.${nonce}.${flipped.toString('base64url')}`, 'registry a'],
    [secrets, `v1.${nonce}.${text.slice(0, 24)}`, 'registry a'],
    [secrets, `v1.${nonce}.`, 'registry a'],
    [secrets, `v2.${nonce}.${text}`, 'registry a'],
    [secrets, `${sealed}.x`, 'registry a'],
    [secrets, '', 'registry a'],
  ]
  for (const [key, given, context] of tries) {
    expect(() => unseal(key, given, context)).toThrow(Refusal)
    expect(() => unseal(key, given, context)).toThrow('The stored credentials cannot be opened')
  }
})
