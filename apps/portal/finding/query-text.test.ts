import { expect, test } from 'vitest'
import { hasTokens, readQueryText } from './query-text.ts'

const read = (text: string) => readQueryText(text, { status: 'open' })

test('tokens become fields, the rest is free text', () => {
  expect(read('sev:critical,high heap  fix:available pkg:openssl overflow')).toEqual({
    status: 'open',
    severity: ['Critical', 'High'],
    fix: 'available',
    package: 'openssl',
    q: 'heap overflow',
  })
})

test('long names, capitals and quotes are understood', () => {
  expect(read('Severity:Critical check:"sudo 1.8" package:zlib')).toEqual({
    status: 'open',
    severity: ['Critical'],
    securityCheck: 'sudo 1.8',
    package: 'zlib',
  })
})

test('what is not understood stays in the text', () => {
  expect(read('sev:awful http://x')).toEqual({ status: 'open', q: 'sev:awful http://x' })
})

test('fields that held before go on to hold, and a token replaces its own', () => {
  const before = { status: 'disabled', registryId: 'r1', severity: ['Low'], q: 'old' } as const
  expect(readQueryText('sev:high', { ...before, severity: [...before.severity] })).toEqual({
    status: 'disabled',
    registryId: 'r1',
    severity: ['High'],
  })
})

test('only known names make tokens', () => {
  expect(hasTokens('sev:high')).toBe(true)
  expect(hasTokens('a pkg:b')).toBe(true)
  expect(hasTokens('https://nvd.nist.gov')).toBe(false)
  expect(hasTokens('CVE-2024-1')).toBe(false)
})
