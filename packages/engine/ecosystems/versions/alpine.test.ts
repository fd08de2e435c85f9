import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shared } from '../../testdata/shared.ts'
import { compareAlpineVersions, isAlpineVersion } from './alpine.ts'

describe('an Alpine version', () => {
  it.each([
    '1',
    '1.2.3-r0',
    '0.9.9',
    '20240101',
    '1.2.3b_rc1_p2-r10',
    '5.7.1p1-r1',
    '1.2_git20240101~0123abc-r0',
    '1.2~abc',
    '2.01.01_alpha10',
    '1.2.3_alpha',
    '1-r',
    '999999999999999999999999.1',
  ])('%s is one', version => {
    expect(isAlpineVersion(version)).toBe(true)
  })

  it.each([
    '',
    'a',
    '.1',
    '1..2',
    '1.',
    '1.2-',
    '1.2-1',
    '1-ruff',
    '1.2_blah',
    '1.2_rcx',
    '1.0bc',
    '1.2A',
    '1 ',
    '1~',
    '1~xyz',
    '1-r1-r2',
    '1-r1_p1',
  ])('"%s" is none', version => {
    expect(isAlpineVersion(version)).toBe(false)
  })

  it.each([
    ['1.0_alpha', '1.0_alpha1'],
    ['1.0_alpha9', '1.0_beta'],
    ['1.0_beta', '1.0_pre'],
    ['1.0_pre', '1.0_rc1'],
    ['1.0_rc2', '1.0'],
    ['1.0', '1.0_cvs'],
    ['1.0', '1.0_git20240101'],
    ['1.0_git20240101', '1.0_p1'],
    ['1.0_p1', '1.0_p2'],
    ['1.0', '1.0a'],
    ['1.0a', '1.0b'],
    ['1.0', '1.0.1'],
    ['1.0-r0', '1.0-r1'],
    ['1.0-r9', '1.0-r10'],
    ['1.0_rc1-r5', '1.0-r0'],
    ['1.0', '1.0-r0'],
  ])('pitfall 19: %s is before %s', (earlier, later) => {
    expect(compareAlpineVersions(earlier, later)).toBe(-1)
    expect(compareAlpineVersions(later, earlier)).toBe(1)
  })

  it('is compared by numbers of any length', () => {
    expect(compareAlpineVersions('1.99999999999999999999', '1.100000000000000000000')).toBe(-1)
    expect(compareAlpineVersions('1.2-r18446744073709551617', '1.2-r1')).toBe(1)
  })

  it('is ordered as the shared vectors say', () => {
    const folder = shared('fixtures/versions/osv')
    if (folder === null) return
    const lines = ['alpine-versions.txt', 'alpine-versions-generated.txt']
      .flatMap(file => readFileSync(join(folder, file), 'utf8').split('\n'))
      .filter(line => line !== '' && !line.startsWith('#'))
    expect(lines.length).toBe(778 + 7080)
    for (const line of lines) {
      const [a = '', , b = ''] = line.split(' ')
      expect(`${a} ${['<', '=', '>'][compareAlpineVersions(a, b) + 1]} ${b}`).toBe(line)
    }
  })
})
