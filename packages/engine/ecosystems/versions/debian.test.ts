import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shared } from '../../testdata/shared.ts'
import { InvalidVersion } from '../ecosystem.ts'
import { compareDebianVersions, parseDebianVersion } from './debian.ts'

describe('a Debian version', () => {
  it.each([
    ['1.0', 0, '1.0', ''],
    ['1:2.36-9+deb12u1', 1, '2.36', '9+deb12u1'],
    ['2:1:3-4-5', 2, '1:3-4', '5'],
    [' 1.0-1 ', 0, '1.0', '1'],
  ])('%s is taken apart', (version, epoch, upstream, revision) => {
    expect(parseDebianVersion(version)).toEqual({ epoch, upstream, revision })
  })

  it.each([
    '',
    ' ',
    ':1',
    'a:1',
    '-1:1',
    '1:',
    '1:-1',
    '1.0-',
    '1.0 1',
    '1_0',
    '1.0/2',
    '2147483648:1',
    '1.ä',
  ])('"%s" is refused', version => {
    expect(() => parseDebianVersion(version)).toThrow(InvalidVersion)
    expect(() => compareDebianVersions('1.0', version)).toThrow(InvalidVersion)
  })

  it('is ordered as dpkg orders it', { timeout: 60_000 }, () => {
    if (spawnSync('bash', ['-c', 'command -v dpkg']).status !== 0) {
      console.log('dpkg is not installed here: its own answers were not compared with.')
      return
    }
    const pairs = fc.sample(pairOfVersions, { numRuns: 2000, seed: 4 })
    const ours = pairs.map(([a, b]) => ['lt', 'eq', 'gt'][compareDebianVersions(a, b) + 1])
    // One shell for all pairs. dpkg warns of versions that start with a letter and answers all the same.
    const script = `while read -r a b; do
      if dpkg --compare-versions "$a" lt "$b"; then echo lt
      elif dpkg --compare-versions "$a" eq "$b"; then echo eq
      else echo gt; fi
    done 2>/dev/null`
    const input = pairs.map(pair => `${pair.join(' ')}\n`).join('')
    const theirs = execFileSync('bash', ['-c', script], { input, encoding: 'utf8' }).trim().split('\n')
    expect(pairs.map((pair, at) => `${pair.join(' ')} ${ours[at]}`)).toEqual(
      pairs.map((pair, at) => `${pair.join(' ')} ${theirs[at]}`),
    )
  })

  it('is ordered as the shared vectors say', () => {
    const folder = shared('fixtures/versions')
    if (folder === null) return
    const lines = ['debian-versions.txt', 'debian-versions-generated.txt']
      .flatMap(file => readFileSync(join(folder, 'osv', file), 'utf8').split('\n'))
      .filter(line => line !== '' && !line.startsWith('#'))
    const answers = JSON.parse(readFileSync(join(folder, 'tool/dpkg.json'), 'utf8')) as {
      a: string
      b: string
      want: number
    }[]
    const signs = ['<', '=', '>']
    const all = [...lines, ...answers.map(({ a, b, want }) => `${a} ${signs[want + 1]} ${b}`)]
    expect(all.length).toBeGreaterThan(8000)
    for (const line of all) {
      const [a = '', , b = ''] = line.split(' ')
      expect(`${a} ${signs[compareDebianVersions(a, b) + 1]} ${b}`).toBe(line)
    }
  })
})

const part = fc.string({ unit: fc.constantFrom(...'0123456789aZ.+~'), minLength: 1, maxLength: 8 })
const version = fc
  .record({
    epoch: fc.constantFrom('', '', '0:', '1:'),
    start: fc.constantFrom('0', '1', '2', '10', '01'),
    rest: part,
    revision: fc.option(
      part.map(text => `-${text}`),
      { nil: '' },
    ),
  })
  .map(({ epoch, start, rest, revision }) => `${epoch}${start}${rest}${revision}`)

/** Half of the pairs share a front: there the order is decided late. */
const pairOfVersions = fc.oneof(
  fc.tuple(version, version),
  fc.tuple(version, part, part).map(([front, a, b]) => [front + a, front + b] as const),
)
