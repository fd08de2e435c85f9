import { describe, expect, test } from 'vitest'
import { ecosystems } from '../ecosystems/index.ts'
import type { TarEntry } from '../formats/tar-writer.ts'
import { defaultLimits } from '../layers/limits.ts'
import { mergeLayers } from '../layers/testdata/merged-view.ts'
import { findEvidence, wantsFile } from './databases.ts'
import { packageHistory } from './package-history.ts'
import { takeInventory } from './take-inventory.ts'

const file = (path: string, content: string): TarEntry => ({ path, content })
const osRelease = (text: string): TarEntry => file('etc/os-release', text)
const status = file('var/lib/dpkg/status', 'Package: a\nStatus: install ok installed\nVersion: 1\n')
const installed = file('lib/apk/db/installed', 'P:a\nV:1-r0\n')

async function reasonsOf(...entries: TarEntry[]) {
  const { root } = await mergeLayers([entries])
  const history = packageHistory(ecosystems, defaultLimits, () => undefined)
  return takeInventory(findEvidence(root, ecosystems), history, 1000, () => undefined).reasons
}

describe('the ledger says', () => {
  test('pitfall 14: that a derivative is judged as its parent', async () => {
    const devuan = osRelease('ID=devuan\nVERSION_ID=5\nPRETTY_NAME="Devuan GNU/Linux 5 (daedalus)"')
    expect(await reasonsOf(devuan, status)).toEqual([
      {
        code: 'derived-distribution',
        message:
          'Devuan GNU/Linux 5 (daedalus) has no advisories of its own: packages that it takes unchanged from Debian ' +
          '12 (bookworm) are judged by the advisories for that, and those that it builds itself are not judged.',
      },
    ])
  })

  test('pitfall 18: that apk may have installed packages of another release', async () => {
    const alpine = osRelease('ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"')
    const repositories = (branch: string): TarEntry =>
      file('etc/apk/repositories', `https://dl-cdn.alpinelinux.org/alpine/${branch}/main\n`)
    expect(await reasonsOf(alpine, installed, repositories('v3.19'))).toEqual([])
    expect(await reasonsOf(alpine, installed, repositories('edge'))).toEqual([
      {
        code: 'mixed-releases',
        message:
          'Alpine packages (apk): besides Alpine Linux 3.19 there may be packages of Alpine edge ' +
          '(etc/apk/repositories). Which these are cannot be told; all are taken for packages of Alpine Linux 3.19.',
      },
    ])
  })

  test('pitfall 14: that apt may have installed packages of another release', async () => {
    const debian = osRelease('ID=debian\nVERSION_ID=12\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"')
    const lists = ['sid', 'trixie', 'forky', 'buster', 'bullseye', 'stretch', 'jessie'].map(suite =>
      file(`etc/apt/sources.list.d/${suite}.list`, `deb http://deb.debian.org/debian ${suite} main\n`),
    )
    const [reason, ...more] = await reasonsOf(debian, status, ...lists)
    expect(more).toEqual([])
    expect(reason?.code).toBe('mixed-releases')
    expect(reason?.message).toContain('Debian 10 (buster) (etc/apt/sources.list.d/buster.list)')
    expect(reason?.message).toContain('and 2 more. Which these are')
  })

  test('nothing of settings without a database, of another distribution, or that are no files', async () => {
    const sid = file('etc/apt/sources.list', 'deb http://deb.debian.org/debian sid main\n')
    const debian = osRelease('ID=debian\nVERSION_ID=12')
    const codes = async (...entries: TarEntry[]) => (await reasonsOf(...entries)).map(({ code }) => code)
    expect(await codes(osRelease('ID=kali'), status, sid)).toEqual([])
    expect(await codes(debian, status, { path: 'etc/apt/sources.list', kind: 'fifo' })).toEqual([])
    expect(await codes(debian, sid)).toEqual(['database-unreadable'])
    expect(await codes(status, sid)).toEqual([])
  })

  test('what settings say behind a link', async () => {
    const debian = osRelease('ID=debian\nVERSION_ID=12')
    const link: TarEntry = { path: 'etc/apt', kind: 'symlink', linkPath: '../usr/share/apt' }
    const sid = file('usr/share/apt/sources.list', 'deb http://deb.debian.org/debian sid main\n')
    expect((await reasonsOf(debian, status, sid, link)).map(({ code }) => code)).toEqual(['mixed-releases'])
    expect(wantsFile(ecosystems)('usr/share/apt/sources.list')).toBe(true)
  })
})
