import { expect, test } from 'vitest'
import { middleShortened, shortDigest } from './digest.ts'

test('a digest is shortened to twelve digits without its algorithm', () => {
  expect(shortDigest(`sha256:0123456789abcdef${'0'.repeat(48)}`)).toBe('0123456789ab')
})

test('a text that fits stays as it is', () => {
  expect(middleShortened('status', 6)).toBe('status')
})

test('a long text loses its middle and keeps both ends, within the limit', () => {
  expect(middleShortened('0123456789', 5)).toBe('01…89')
  expect(middleShortened('0123456789', 6)).toBe('012…89')
  for (let limit = 1; limit < 12; limit++) {
    expect(middleShortened('0123456789', limit).length).toBeLessThanOrEqual(limit)
  }
})
