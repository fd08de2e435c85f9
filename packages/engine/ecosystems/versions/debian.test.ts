import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shared } from '../../testdata/shared.ts'
import { InvalidVersion } from '../ecosystem.ts'
import { compareDebianVersions, parseDebianVersion } from './debian.ts'
import { hasDpkg, madeOrders, versionsOfOneAlone } from './testdata/dpkg-answers.ts'

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

  it('pitfall 3: is ordered as dpkg orders it', () => {
    if (!hasDpkg()) return
    const { ours, theirs } = madeOrders(800, 11)
    expect(ours).toEqual(theirs)
    for (const order of ['lt', 'eq', 'gt']) expect(ours.some(one => one.endsWith(order))).toBe(true)
  })

  it('is one where dpkg says so; besides, one may begin with a letter', () => {
    if (hasDpkg()) expect(versionsOfOneAlone(400, 5)).toEqual([])
  })

  it.each([
    ['1.0', '0:1.0', 0],
    ['1:0.1', '99.9', 1],
    ['0:2.0', '1:1.0', -1],
    ['1.0', '00:1.0', 0],
    ['2147483647:1', '1', 1],
  ])('pitfall 2: has an epoch, or 0: %s and %s', (a, b, order) => {
    expect(compareDebianVersions(a, b)).toBe(order)
    expect(compareDebianVersions(b, a) + order).toBe(0)
  })

  it.each([
    ['1.0~rc1', '1.0'],
    ['1.0~~', '1.0~'],
    ['1.0~bpo12+1', '1.0'],
    ['1.0', '1.0+b1'],
    ['1.0a', '1.0+'],
    ['1.0Z', '1.0a'],
    ['1.0-1~deb12u1', '1.0-1'],
    ['1.0', '1.0-0.1'],
    ['1.9', '1.10'],
  ])('pitfall 3: %s is before %s', (earlier, later) => {
    expect(compareDebianVersions(earlier, later)).toBe(-1)
    expect(compareDebianVersions(later, earlier)).toBe(1)
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
