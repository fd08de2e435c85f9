import { describe, expect, it } from 'vitest'
import { dpkg } from './dpkg.ts'

describe('the feed of a release', () => {
  const feed = (id: string, versionId: string, codename?: string) =>
    dpkg.feeds({ id, versionId, idLike: [], prettyName: id, ...(codename === undefined ? {} : { codename }) })

  it.each([
    ['debian', '12', 'Debian:12'],
    ['debian', '12.5', 'Debian:12'],
    ['debian', '7', 'Debian:7'],
    ['debian', '6.0', 'Debian:6.0'],
    ['debian', '6.0.10', 'Debian:6.0'],
    ['debian', '3.1', 'Debian:3.1'],
    ['debian', 'rolling', null],
    ['ubuntu', '18.04', 'Ubuntu:18.04:LTS'],
    ['ubuntu', '22.04.4', 'Ubuntu:22.04:LTS'],
    ['ubuntu', '23.04', 'Ubuntu:23.04'],
    ['ubuntu', '23.10', 'Ubuntu:23.10'],
    ['ubuntu', '24.10', 'Ubuntu:24.10'],
    ['ubuntu', '', null],
    ['kali', '2024.1', null],
  ])('%s %s is %s', (id, versionId, expected) => {
    expect(feed(id, versionId)).toEqual(expected === null ? [] : [expected])
  })

  it("pitfall 14: is known by the codename where Debian's testing has no version yet", () => {
    expect(feed('debian', '', 'trixie')).toEqual(['Debian:13'])
    expect(feed('debian', '', 'unheard-of')).toEqual([])
  })
})

describe('the feed of a derivative', () => {
  const distro = { id: 'linuxmint', versionId: '22', idLike: ['ubuntu'], prettyName: 'Linux Mint 22' }
  const parent = { id: 'ubuntu', versionId: '24.04', idLike: [], prettyName: 'Ubuntu 24.04 LTS' }

  it("is its parent's, where that is known", () => {
    expect(dpkg.feeds({ ...distro, parent })).toEqual(['Ubuntu:24.04:LTS'])
    expect(dpkg.category({ ...distro, parent })).toBe('Ubuntu')
    expect(dpkg.feeds(distro)).toEqual([])
  })
})

describe("Ubuntu's paid channel", () => {
  it('is there for long-term releases', () => {
    expect(dpkg.paidFeed?.('Ubuntu:18.04:LTS')).toBe('Ubuntu:Pro:18.04:LTS')
    expect(dpkg.paidFeed?.('Ubuntu:23.10')).toBeNull()
    expect(dpkg.paidFeed?.('Debian:12')).toBeNull()
  })

  it('is where versions with "esm" are from', () => {
    expect(dpkg.isPaidVersion?.('1.1.1-1ubuntu2.1~18.04.23+esm5')).toBe(true)
    expect(dpkg.isPaidVersion?.('1.2-3ubuntu0.16.04.1~esm2')).toBe(true)
    expect(dpkg.isPaidVersion?.('1.1.1-1ubuntu2.1~18.04.23')).toBe(false)
  })
})
