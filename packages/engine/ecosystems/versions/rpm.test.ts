import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ordersByRpm } from '../../match/testdata/rpm-oracle.ts'
import { shared } from '../../testdata/shared.ts'
import { InvalidVersion } from '../ecosystem.ts'
import { compareRpmVersions, isRpmVersion, parseRpmVersion } from './rpm.ts'

const signs = ['<', '=', '>']

describe('an rpm version', () => {
  it.each([
    ['1.0', '0', '1.0', null],
    ['1.0-1.el9', '0', '1.0', '1.el9'],
    ['1:4.18.0-553.el8_10', '1', '4.18.0', '553.el8_10'],
    ['0:1.0-1', '0', '1.0', '1'],
    ['1.0-beta-1', '0', '1.0-beta', '1'],
    ['a:1.0-1', '0', 'a:1.0', '1'],
    [':1.0-1', '0', '1.0', '1'],
  ])('%s is taken apart', (text, epoch, version, release) => {
    expect(parseRpmVersion(text)).toEqual({ epoch, version, release })
  })

  it.each([
    '0',
    '1',
    '1.0-1',
    '2:9.4.0~rc1^git20240101.1234abc-1.module+el9.4.0+1_2',
    'r2021.01.01-1',
    '0^20200101-3',
  ])('%s is one', text => {
    expect(isRpmVersion(text)).toBe(true)
  })

  it.each([
    '',
    ' ',
    '1 2',
    '1.0-',
    '-1',
    '1:',
    ':1',
    'a:1',
    '1:2:3',
    '1-2-3',
    '1.ä',
    '1/2',
    '...',
    '1\n',
    '~',
    '1=2',
  ])('"%s" is none', text => {
    expect(isRpmVersion(text)).toBe(false)
  })

  it('that is empty has no place in the order', () => {
    expect(() => compareRpmVersions('', '1')).toThrow(InvalidVersion)
    expect(() => compareRpmVersions('1', '')).toThrow(InvalidVersion)
  })

  it.each([
    '1.0 = 0:1.0',
    '1.0 < 1.0-1',
    '2.0 > 1.0-1',
    '1:1.0-1 > 2.0-1',
    '1.0~rc1-1 < 1.0-1',
    '1.0^git1-1 > 1.0-1',
    '1.0^git1-1 < 1.0.1-1',
    '1.0-1.el8_10 > 1.0-1.el8',
    '18446744073709551617:1-1 > 18446744073709551616:1-1',
    '1.99999999999999999999-1 < 1.100000000000000000000-1',
    '1.001-1 = 1.1-1',
  ])('%s', line => {
    const [a = '', sign, b = ''] = line.split(' ')
    expect(signs[compareRpmVersions(a, b) + 1]).toBe(sign)
  })

  it('is ordered as rpm orders it', () => {
    const pairs = fc.sample(pairOfVersions, { numRuns: 10_000, seed: 4 })
    const theirs = ordersByRpm(pairs)
    const line = ([a, b]: readonly [string, string], order: number | undefined) =>
      `${a} ${signs[(order ?? 9) + 1]} ${b}`
    expect(pairs.map(pair => line(pair, compareRpmVersions(...pair)))).toEqual(
      pairs.map((pair, at) => line(pair, theirs[at])),
    )
    // All three answers come up, else nothing was tried.
    for (const order of [-1, 0, 1]) expect(theirs.filter(one => one === order).length).toBeGreaterThan(500)
  })

  it('is ordered as the shared vectors say', () => {
    const folder = shared('fixtures/versions')
    if (folder === null) return
    const lines = readFileSync(join(folder, 'osv/redhat-versions.txt'), 'utf8')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
    const answers = JSON.parse(readFileSync(join(folder, 'tool/rpm-evr.json'), 'utf8')) as {
      a: string
      b: string
      want: number
    }[]
    expect([lines.length, answers.length]).toEqual([165, 1837])
    for (const line of [...lines, ...answers.map(({ a, b, want }) => `${a} ${signs[want + 1]} ${b}`)]) {
      const [a = '', , b = ''] = line.split(' ')
      expect(`${a} ${signs[compareRpmVersions(a, b) + 1]} ${b}`).toBe(line)
    }
  })
})

const part = fc.string({ unit: fc.constantFrom(...'0012aZ.+_~^'), minLength: 1, maxLength: 8 })
const release = fc.constantFrom('', '', '-1', '-2.el9', '-1.el8_10', '-1.module+el8.4.0+1+a')
const version = fc
  .tuple(fc.constantFrom('', '', '', '0:', '1:', '01:', ':', 'a:'), part, release)
  .map(parts => parts.join(''))

/** Most pairs share a front, and some differ in separators and zeros only: there the order is decided late. */
const pairOfVersions: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc.tuple(version, version),
  fc.tuple(version, part, part).map(([front, a, b]) => [front + a, front + b] as const),
  version.map(text => [text, text.replaceAll('.', '_').replace(/(?<![0-9])0/g, '00')] as const),
  fc
    .tuple(part, part, release, release)
    .map(([front, back, a, b]) => [`${front}.${back}${a}`, `${front}_${back}${b}`] as const),
)
