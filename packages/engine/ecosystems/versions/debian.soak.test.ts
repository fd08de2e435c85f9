import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDebianVersions, isDebianVersion } from './debian.ts'
import { hasDpkg, orderByDpkg, validByDpkg } from './testdata/dpkg-answers.ts'
import { debianVersion, pairOfDebianVersions } from './testdata/made-debian-versions.ts'

describe('a Debian version', () => {
  it('pitfall 3: is ordered as dpkg orders it, thousands of times', () => {
    if (!hasDpkg()) return
    const pairs = fc.sample(pairOfDebianVersions, { numRuns: 4000, seed: 11 })
    const ours = pairs.map(([a, b]) => `${a} ${b} ${['lt', 'eq', 'gt'][compareDebianVersions(a, b) + 1]}`)
    expect(ours).toEqual(orderByDpkg(pairs).map((answer, at) => `${pairs[at]?.join(' ')} ${answer}`))
    for (const order of ['lt', 'eq', 'gt']) expect(ours.some(one => one.endsWith(order))).toBe(true)
  })

  it('is one where dpkg says so; besides, one may begin with a letter', () => {
    if (!hasDpkg()) return
    const text = fc.string({ unit: fc.constantFrom(...'01aZ.+~-:_/%$ä'), minLength: 1, maxLength: 8 })
    const versions = fc.sample(fc.oneof(text, debianVersion), { numRuns: 1500, seed: 12 })
    const theirs = validByDpkg(versions)
    const ours = versions.map(one => isDebianVersion(one) && /^\d/.test(one.replace(/^\d+:/, '')))
    const differing = versions.filter((_, at) => ours[at] !== theirs[at])
    expect(differing).toEqual([])
  })
})
