import { expect, test } from 'vitest'
import { microsText, priceText, readMicros } from './money.ts'

test.each([
  ['0.29', 290_000],
  ['0,29', 290_000],
  ['12', 12_000_000],
  ['0.000001', 1],
  ['0', 0],
  ['0.0000001', null],
  ['-1', null],
  ['1e3', null],
  ['', null],
  ['.5', null],
])('%j reads as %s millionths', (text, micros) => {
  expect(readMicros(text)).toBe(micros)
})

test('says amounts with their currency, and back as they are typed', () => {
  expect(priceText({ micros: 290_000, currency: 'EUR' })).toBe('EUR 0.29')
  expect(priceText({ micros: 1_234_500_001, currency: 'USD' })).toBe('USD 1,234.500001')
  expect(microsText(290_000)).toBe('0.29')
})
