import type { Distro } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import { ecosystems } from '../ecosystems/index.ts'
import { readDistro } from '../inventory/distro.ts'
import derivatives from './derivatives.json' with { type: 'json' }
import data from './families.json' with { type: 'json' }
import { knownReleaseOf, releaseByCodename } from './families.ts'
import { releaseOf } from './releases.ts'

const distro = (id: string, versionId: string, more: Partial<Distro> = {}): Distro => ({
  id,
  versionId,
  idLike: [],
  prettyName: `${id} ${versionId}`.trim(),
  ...more,
})

interface Facts {
  readonly codename?: string
  readonly endOfLifeOn?: string
  readonly extendedUntil?: string
}
const families = data.map(family => ({
  ...family,
  releases: Object.entries(family.releases as Record<string, Facts>),
}))

describe('the data file', () => {
  it('has each distribution once, and where its dates are from', () => {
    const names = data.map(({ id, named }) => `${id} ${named ?? ''}`)
    expect(new Set(names).size).toBe(names.length)
    for (const { source } of [...data, ...derivatives]) expect(URL.canParse(source)).toBe(true)
  })

  it('has real days, the paid channel ending after the free one', () => {
    const dates = families.flatMap(({ releases }) =>
      releases.flatMap(([, one]) => [one.endOfLifeOn, one.extendedUntil]),
    )
    const days = dates.filter(date => date !== undefined)
    expect(days.length).toBeGreaterThan(200)
    for (const day of days) expect(new Date(`${day}T00:00:00Z`).toISOString()).toBe(`${day}T00:00:00.000Z`)
    for (const { id, releases, extendedChannel } of families) {
      for (const [version, { endOfLifeOn = '', extendedUntil }] of releases) {
        if (extendedUntil === undefined) continue
        expect(`${id} ${version}: ${extendedUntil > endOfLifeOn}`).toBe(`${id} ${version}: true`)
        expect(extendedChannel).toBeDefined()
      }
    }
  })

  it('has each codename once', () => {
    for (const { releases } of families) {
      const codenames = releases.flatMap(([, { codename }]) => codename ?? [])
      expect(new Set(codenames).size).toBe(codenames.length)
    }
  })

  it('names derivatives of distributions that it has', () => {
    for (const { parents } of derivatives) {
      for (const { id } of parents) expect(data.some(family => family.id === id)).toBe(true)
    }
  })
})

describe('a release', () => {
  it.each([
    ['debian', '12.5', 'Debian 12 (bookworm)', '2028-06-30', '2033-06-30'],
    ['debian', '6.0.10', 'Debian 6.0 (squeeze)', '2016-02-29', null],
    ['debian', '3.1', 'Debian 3.1 (sarge)', '2008-03-31', null],
    ['ubuntu', '18.04', 'Ubuntu 18.04 LTS', '2023-05-31', '2028-04-26'],
    ['ubuntu', '22.04.4', 'Ubuntu 22.04 LTS', '2027-06-01', '2032-04-21'],
    ['ubuntu', '23.10', 'Ubuntu 23.10', '2024-07-11', null],
    ['ubuntu', '10.04', 'Ubuntu 10.04 LTS', '2015-04-30', null],
    ['alpine', '3.10.2', 'Alpine Linux 3.10', '2021-05-01', null],
    ['alpine', '3.1.4', 'Alpine Linux 3.1', '2016-11-01', null],
    ['alpine', '3.21_alpha20240807', 'Alpine Linux edge', null, null],
    ['rhel', '8.10', 'Red Hat Enterprise Linux 8', '2029-05-31', '2032-05-31'],
    ['almalinux', '9.4', 'AlmaLinux 9', '2032-05-31', null],
    ['rocky', '9.4', 'Rocky Linux 9', '2032-05-31', null],
    ['amzn', '2018.03', 'Amazon Linux AMI 2018.03', '2023-12-31', null],
    ['amzn', '2', 'Amazon Linux 2', '2026-06-30', null],
    ['sles', '15.5', 'SUSE Linux Enterprise Server 15 SP5', '2024-12-31', '2027-12-31'],
    ['opensuse-leap', '15.6', 'openSUSE Leap 15.6', '2026-04-30', null],
    ['azurelinux', '3.0', 'Azure Linux 3.0', '2027-08-31', null],
    ['fedora', '44', 'Fedora Linux 44', null, null],
    ['wolfi', '20230201', 'Wolfi', null, null],
  ])('pitfall 13: of %s %s is %s, to %s', (id, versionId, name, endOfLifeOn, extendedUntil) => {
    const release = releaseOf(distro(id, versionId))
    expect(release).toMatchObject({ name, endOfLifeOn })
    expect(release?.extendedUntil?.on ?? null).toBe(extendedUntil)
  })

  it('of CentOS is of Linux or of Stream by its name', () => {
    expect(releaseOf(distro('centos', '8', { prettyName: 'CentOS Linux 8' }))?.endOfLifeOn).toBe('2021-12-31')
    expect(releaseOf(distro('centos', '8', { prettyName: 'CentOS Stream 8' }))).toMatchObject({
      name: 'CentOS Stream 8',
      endOfLifeOn: '2024-05-31',
    })
  })

  it('is found by its codename where it has no number', () => {
    expect(knownReleaseOf(distro('debian', '', { codename: 'forky' }))?.version).toBe('14')
    expect(knownReleaseOf(distro('debian', '', { codename: 'sid' }))?.name).toBe('Debian unstable (sid)')
    expect(knownReleaseOf(distro('debian', ''))).toBeNull()
    expect(knownReleaseOf(distro('alpine', ''))).toBeNull()
    expect(releaseByCodename('ubuntu', 'noble')?.version).toBe('24.04')
    expect(releaseByCodename('ubuntu', 'bookworm')).toBeNull()
  })

  it('is not taken for another one whose number begins alike', () => {
    expect(knownReleaseOf(distro('alpine', '3.100.1'))).toBeNull()
    expect(knownReleaseOf(distro('debian', '120'))).toBeNull()
    expect(knownReleaseOf(distro('fedora', '2'))).toBeNull()
    expect(knownReleaseOf(distro('alpine', '3'))).toBeNull()
  })

  it('is supported when an ecosystem has a name for its advisories', () => {
    expect(releaseOf(distro('debian', '12'))?.supported).toBe(true)
    expect(releaseOf(distro('wolfi', '20230201'))?.supported).toBe(true)
    // A release from after the data file was made.
    expect(releaseOf(distro('alpine', '3.99.0'))).toEqual({
      name: 'alpine 3.99.0',
      supported: true,
      endOfLifeOn: null,
      extendedUntil: null,
    })
  })

  it('that nobody knows has its name and nothing else; none is none', () => {
    expect(releaseOf(distro('unheard-of', '1'))).toEqual({
      name: 'unheard-of 1',
      supported: false,
      endOfLifeOn: null,
      extendedUntil: null,
    })
    expect(releaseOf(null)).toBeNull()
  })
})

describe('pitfall 14: a derivative', () => {
  const read = (osRelease: string) => readDistro(path => (path === 'etc/os-release' ? osRelease : null))

  it.each([
    ['Devuan 5', 'ID=devuan\nID_LIKE=debian\nVERSION_ID="5"\nVERSION_CODENAME="daedalus"', 'debian', '12'],
    [
      'Raspbian 11',
      'ID=raspbian\nID_LIKE=debian\nVERSION_ID="11"\nVERSION_CODENAME=bullseye',
      'debian',
      '11',
    ],
    [
      'Linux Mint',
      'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\nUBUNTU_CODENAME=noble',
      'ubuntu',
      '24.04',
    ],
    ['LMDE', 'ID=linuxmint\nID_LIKE=debian\nVERSION_ID="6"\nDEBIAN_CODENAME=bookworm', 'debian', '12'],
    [
      'Pop!_OS',
      'ID=pop\nID_LIKE="ubuntu debian"\nVERSION_ID="22.04"\nUBUNTU_CODENAME=jammy',
      'ubuntu',
      '22.04',
    ],
    [
      'elementary OS',
      'ID=elementary\nID_LIKE=ubuntu\nVERSION_ID="7.1"\nUBUNTU_CODENAME=jammy',
      'ubuntu',
      '22.04',
    ],
    [
      'Zorin OS',
      'ID=zorin\nID_LIKE="ubuntu debian"\nVERSION_ID="17"\nUBUNTU_CODENAME=jammy',
      'ubuntu',
      '22.04',
    ],
    [
      'KDE neon',
      'ID=neon\nID_LIKE="ubuntu debian"\nVERSION_ID="22.04"\nUBUNTU_CODENAME=jammy',
      'ubuntu',
      '22.04',
    ],
  ])('%s is judged as its parent', (prettyName, osRelease, id, versionId) => {
    const found = read(`PRETTY_NAME="${prettyName}"\n${osRelease}`)
    expect(found?.parent).toMatchObject({ id, versionId })
    const parent = releaseOf(distro(id, versionId))
    expect(releaseOf(found)).toEqual({ ...parent, name: prettyName })
  })

  it.each([
    ['Kali', 'ID=kali\nID_LIKE=debian\nVERSION_ID="2024.1"\nVERSION_CODENAME=kali-rolling'],
    ['Parrot', 'ID=parrot\nID_LIKE=debian\nVERSION_ID="6.0"\nVERSION_CODENAME=lory'],
    ['Deepin', 'ID=deepin\nVERSION_ID="20.9"\nVERSION_CODENAME=apricot'],
    ['postmarketOS', 'ID=postmarketos\nID_LIKE=alpine\nVERSION_ID="v23.12"'],
    ['unheard of', 'ID=unheard-of\nID_LIKE="ubuntu debian"\nUBUNTU_CODENAME=jammy\nDEBIAN_CODENAME=bookworm'],
    ['Linux Mint of no known Ubuntu', 'ID=linuxmint\nID_LIKE=ubuntu\nVERSION_ID="99"\nUBUNTU_CODENAME=zzz'],
    ['Devuan of no known Debian', 'ID=devuan\nVERSION_ID="99"'],
    ['Devuan in testing', 'ID=devuan\nVERSION_CODENAME=freia'],
  ])('%s is judged by nobody: no feed, no claim', (_, osRelease) => {
    const found = read(osRelease)
    expect(found?.parent).toBeUndefined()
    expect(ecosystems.flatMap(ecosystem => ecosystem.feeds(found as Distro))).toEqual([])
    expect(releaseOf(found)).toMatchObject({ supported: false, endOfLifeOn: null })
  })

  it('that calls itself Ubuntu is Ubuntu: its flavours', () => {
    const found = read('NAME=Kubuntu\nID=ubuntu\nVERSION_ID="24.04"\nUBUNTU_CODENAME=noble')
    expect(found?.parent).toBeUndefined()
    expect(releaseOf(found)?.name).toBe('Ubuntu 24.04 LTS')
  })
})

describe.each(['constructor', '__proto__', 'toString', 'undefined', 'null'])(
  'an image that calls itself %s',
  word => {
    it('is of nobody knows what', () => {
      const text = `ID=${word}\nVERSION_ID=${word}\nVERSION_CODENAME=${word}\nPRETTY_NAME=${word}`
      for (const id of [word, 'debian', 'devuan', 'linuxmint', 'ubuntu', 'alpine', 'raspbian']) {
        const fields = `\nID=${id}\nUBUNTU_CODENAME=${word}\nDEBIAN_CODENAME=${word}`
        const found = readDistro(path => (path === 'etc/os-release' ? text + fields : null))
        expect(found?.parent).toBeUndefined()
        expect(releaseOf(found)).toEqual({
          name: word,
          supported: false,
          endOfLifeOn: null,
          extendedUntil: null,
        })
      }
    })
  },
)
