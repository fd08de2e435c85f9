import { expect, test } from 'vitest'
import { epssSentence, kevSentence, percentText } from './threat-words.ts'

test.each([
  [0, '0 %'],
  [0.000_01, 'under 0.01 %'],
  [0.000_42, '0.04 %'],
  [0.01, '1 %'],
  [0.0512, '5.12 %'],
  [0.1, '10 %'],
  [0.943_21, '94.3 %'],
  [0.999_97, '99.9 %'],
  [1, '100 %'],
])('%d is %s', (ratio, text) => {
  expect(percentText(ratio)).toBe(text.replace(' %', '\u00a0%'))
})

test('a score says its period, its rank and its day', () => {
  const said = epssSentence({ probability: 0.943_21, percentile: 0.999_12, asOf: '2026-11-20' })
  expect(said.replaceAll('\u00a0', ' ')).toBe(
    '94.3 % probability of exploitation within 30 days, as high as or higher than that of 99.9 % of all scored CVEs (20 Nov 2026).',
  )
  expect(epssSentence({ probability: 0.0004, percentile: 0.1, asOf: null })).toMatch(/scored CVEs\.$/)
})

test('an entry of the catalogue says since when, until when, and of ransomware', () => {
  const entry = { addedOn: '2024-03-29', dueOn: '2024-04-19', ransomware: true, requiredAction: null }
  expect(kevSentence(entry)).toBe(
    'In CISA’s catalogue since 29 Mar 2024; US agencies are to act by 19 Apr 2024. Known to be used in ransomware campaigns.',
  )
  expect(kevSentence({ ...entry, dueOn: null, ransomware: false })).toBe(
    'In CISA’s catalogue since 29 Mar 2024. Not known to be used in ransomware campaigns.',
  )
})
