import { severityOfBaseScore } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { cvssSeverity, cvssWords } from './cvss-words.ts'

test('a v3 vector is said in words, in its order', () => {
  expect(cvssWords('CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H')).toEqual([
    'Attack vector: network',
    'Attack complexity: low',
    'Privileges required: none',
    'User interaction: required',
    'Scope: unchanged',
    'Confidentiality impact: none',
    'Integrity impact: none',
    'Availability impact: high',
  ])
})

test('what is not understood is left out, other versions say nothing', () => {
  expect(cvssWords('CVSS:3.0/AV:X/AC:L/E:P')).toEqual(['Attack complexity: low'])
  expect(cvssWords('AV:N/AC:L/Au:N/C:N/I:N/A:P')).toEqual([])
  expect(cvssWords('CVSS:4.0/AV:N/AC:L/AT:N')).toEqual([])
})

test('a base score stands for the severity that the shared vocabulary says', () => {
  for (let tenths = 0; tenths <= 100; tenths++) {
    expect(cvssSeverity(tenths / 10)).toBe(severityOfBaseScore(tenths / 10))
  }
})
