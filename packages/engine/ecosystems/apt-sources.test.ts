import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { otherAptReleases } from './apt-sources.ts'
import { dpkg } from './dpkg.ts'

const list = 'etc/apt/sources.list'
const debian = { id: 'debian', versionId: '12', idLike: [], prettyName: 'Debian GNU/Linux 12 (bookworm)' }
const others = (settings: Record<string, string>, distro = debian) =>
  otherAptReleases(new Map(Object.entries(settings)), distro)

describe('releases beside the one the image says', () => {
  it('are none where apt knows its own alone, in all its suites', () => {
    const own = [
      'deb http://deb.debian.org/debian bookworm main contrib',
      'deb [arch=amd64 signed-by=/x] http://deb.debian.org/debian bookworm-updates main',
      'deb http://security.debian.org/debian-security bookworm-security main',
      'deb http://deb.debian.org/debian bookworm-backports main',
      'deb http://deb.debian.org/debian stable main',
      '# deb http://deb.debian.org/debian sid main',
      'deb-src http://deb.debian.org/debian sid main',
      'deb https://download.docker.com/linux/debian bullseye stable',
      'deb https://deb.nodesource.com/node_18.x bullseye main',
      'deb http://apt.postgresql.org/pub/repos/apt bullseye-pgdg main',
      'deb http://deb.debian.org/debian constructor main',
      'deb',
      'nonsense',
    ]
    expect(others({ [list]: own.join('\n') })).toEqual([])
  })

  it.each([
    ['deb http://deb.debian.org/debian sid main', 'Debian unstable (sid)'],
    ['deb http://deb.debian.org/debian unstable main', 'Debian unstable (sid)'],
    ['deb http://deb.debian.org/debian testing main', 'Debian testing'],
    ['deb http://mirror.local/debian/ trixie main', 'Debian 13 (trixie)'],
    ['deb http://security.debian.org/debian-security buster/updates main', 'Debian 10 (buster)'],
    ['deb [trusted=yes] http://archive.ubuntu.com/ubuntu jammy-security main universe', 'Ubuntu 22.04 LTS'],
  ])('%s', (line, name) => {
    expect(others({ [list]: `${line}\n${line}` })).toEqual([`${name} (${list})`])
  })

  it('are read of both formats', () => {
    const path = 'etc/apt/sources.list.d/debian.sources'
    const stanza = (suites: string, more = ''): string =>
      `# a comment\nTypes: deb deb-src\nURIs: http://deb.debian.org/debian\n# another\nSuites: ${suites}\nComponents: main\n${more}`
    expect(others({ [path]: stanza('bookworm bookworm-updates') })).toEqual([])
    expect(others({ [path]: stanza('bookworm forky') })).toEqual([`Debian 14 (forky) (${path})`])
    expect(others({ [path]: stanza('bookworm sid', 'Enabled: no\n') })).toEqual([])
  })

  it("are told from a derivative's parent", () => {
    const mint = {
      id: 'linuxmint',
      versionId: '22',
      idLike: [],
      prettyName: 'Linux Mint 22',
      parent: { id: 'ubuntu', versionId: '24.04', idLike: [], prettyName: 'Ubuntu 24.04 LTS' },
    }
    const text =
      'deb http://packages.linuxmint.com wilma main\ndeb http://archive.ubuntu.com/ubuntu noble main'
    expect(others({ [list]: text }, mint)).toEqual([])
    expect(others({ [list]: text })).toEqual([`Ubuntu 24.04 LTS (${list})`])
  })

  it('are not told where the own is not known', () => {
    const unknown = { id: 'kali', versionId: '2024.1', idLike: [], prettyName: 'Kali' }
    expect(others({ [list]: 'deb http://deb.debian.org/debian sid main' }, unknown)).toEqual([])
  })

  it('are looked for in any text, soon', () => {
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom(
          'deb ',
          '[',
          ']',
          '#',
          'http://debian.org/debian ',
          'sid ',
          'main',
          'Types: deb\n',
          '\n',
        ),
        fc.string(),
      ),
    )
    fc.assert(
      fc.property(lines, parts => {
        others({ [list]: parts.join(''), 'etc/apt/sources.list.d/a.sources': parts.join('') })
      }),
      { seed: 5 },
    )
    const started = performance.now()
    for (const text of ['[', 'deb [', '# ', 'deb http://debian.org/debian x main\n']) {
      others({ [list]: text.repeat(64_000 / text.length) })
    }
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('are wanted where apt looks for them', () => {
    expect(dpkg.wants('etc/apt/sources.list')).toBe(true)
    expect(dpkg.wants('etc/apt/sources.list.d/docker.list')).toBe(true)
    expect(dpkg.wants('etc/apt/sources.list.d/debian.sources')).toBe(true)
    expect(dpkg.wants('etc/apt/sources.list.d/old.list.bak')).toBe(false)
    expect(dpkg.wants('etc/apt/apt.conf')).toBe(false)
  })
})
