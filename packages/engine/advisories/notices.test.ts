import { describe, expect, it } from 'vitest'
import { shared } from '../testdata/shared.ts'
import { isAbout } from './advisory.ts'
import { advisoryIndex } from './advisory-index.ts'
import { parseOsvRecord } from './osv.ts'
import { readOsvZip } from './read.ts'

const notice = (
  id: string,
  more: Record<string, unknown> = {},
  fixed = '1.0-1.el8',
  feed = 'AlmaLinux:8',
) => {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }]
  const affected = ['bash', 'bash-doc'].map(name => ({ package: { ecosystem: feed, name }, ranges }))
  return parseOsvRecord({ id, affected, ...more })
}
const upstream = (id: string, more: Record<string, unknown>) => notice(id, more).advisory.upstream

describe('a notice of an update', () => {
  it('pitfall 27: is about the CVEs in "related", if it names none elsewhere', () => {
    const related = ['CVE-2024-0002', 'RHSA-2024:1', 'CVE-2024-0003']
    for (const id of ['ALSA-2024:1', 'RLSA-2024:1', 'RHSA-2024:1', 'DSA-1-1', 'ALBA-2024:1'])
      expect(upstream(id, { related })).toEqual(['CVE-2024-0002', 'CVE-2024-0003'])
    expect(upstream('RHSA-2024:1', { related, upstream: ['CVE-2024-0001'] })).toEqual(['CVE-2024-0001'])
    expect(upstream('DSA-1-1', { related, aliases: ['CVE-2024-0001'] })).toEqual([])
    // What others put there is about something else.
    for (const id of ['GHSA-a', 'CVE-2024-0001', 'UBUNTU-CVE-2024-0001', 'GO-2024-1', 'CGA-1'])
      expect(upstream(id, { related })).toEqual([])
  })

  it.each(['ALBA-2024:1', 'ALEA-2024:1', 'RHBA-2024:1', 'RHEA-2024:1', 'RLBA-2024:1', 'SUSE-RU-2024:1-1'])(
    'of bug fixes or enhancements, %s, affects nothing, says so, and shows that there is its feed',
    id => {
      const { advisory, notes } = notice(id, { related: ['RHBA-2023:1'] })
      expect(notes).toEqual(['it is a notice of bug fixes or enhancements and names no vulnerability'])
      expect(advisory.affected).toMatchObject([
        { feed: 'AlmaLinux:8', name: '', intervals: [], versions: [] },
      ])
      expect(notice(id, { upstream: ['CVE-2024-0001'] }).advisory.affected).toMatchObject([
        { name: 'bash' },
        { name: 'bash-doc' },
      ])
      expect(notice(id, { aliases: ['CVE-2024-0001'] }).advisory.affected).toHaveLength(2)
    },
  )

  it.each(['ALSA-2024:1', 'RHSA-2024:1', 'DSA-1720-1', 'SUSE-SU-2024:1-1', 'X-1'])(
    'of security, %s, counts without a CVE too',
    id => expect(notice(id).advisory.affected).toHaveLength(2),
  )

  it('of AlmaLinux and Rocky Linux in the shared data is about its CVEs, or about none', async () => {
    const place = shared('advisories')
    if (place === null) return
    const counts: Record<string, number> = {}
    for (const folder of ['AlmaLinux', 'Rocky Linux']) {
      for await (const record of readOsvZip(place, folder, new AbortController().signal)) {
        if (record.kind === 'rejected') throw new Error(`${record.name}: ${record.reason}`)
        const { id, upstream, affected } = record.advisory
        const about = affected.some(({ name }) => name !== '')
          ? upstream.length > 0
            ? 'CVEs'
            : 'itself'
          : 'nothing'
        const key = `${id.slice(0, 4)} ${about}`
        counts[key] = (counts[key] ?? 0) + 1
      }
    }
    expect(counts).toEqual({
      'ALSA CVEs': 2201,
      'ALSA itself': 4,
      'ALBA CVEs': 1,
      'ALBA nothing': 464,
      'ALEA nothing': 112,
      'RLSA CVEs': 178,
    })
  })
})

describe('a notice of Ubuntu', () => {
  const about = (cves: unknown) =>
    parseOsvRecord({
      id: 'USN-1-1',
      upstream: ['UBUNTU-CVE-2024-0001', 'UBUNTU-CVE-2024-0002', 'UBUNTU-CVE-2024-0003'],
      affected: [
        {
          package: { ecosystem: 'Ubuntu:22.04:LTS', name: 'bash' },
          database_specific: { cves_map: { cves } },
        },
        { package: { ecosystem: 'Ubuntu:20.04:LTS', name: 'bash' } },
      ],
    }).advisory

  it.each([
    [['CVE-2024-0002', 'CVE-2024-0003']],
    [[{ id: 'CVE-2024-0002', severity: [] }, { id: 'CVE-2024-0003' }]],
    [['CVE-2024-0002', null, { id: 7 }, '', 'CVE-2024-0003']],
    [['https://launchpad.net/bugs/1', 'CVE-2024-0002', 'CVE-2024-0003', 'CVE-2024-9999']],
  ])('is in each release about the CVEs that it says this release had: %j', cves => {
    const notice = about(cves)
    const groups = advisoryIndex([notice]).vulnerabilities(notice)
    const [jammy, focal] = notice.affected.map(one =>
      groups.filter(group => isAbout(one, group)).map(({ canonical }) => canonical),
    )
    expect(jammy).toEqual(['CVE-2024-0002', 'CVE-2024-0003'])
    expect(focal).toEqual(['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003'])
  })

  it.each([[[]], [null], ['CVE-2024-0001'], [{}], [[7]], [['https://launchpad.net/bugs/1']]])(
    'is about all of its CVEs if it says none: %j',
    cves => {
      expect(about(cves).affected[0]).not.toHaveProperty('about')
    },
  )
})

describe('a notice about builds of modules', () => {
  const modules = (summary: string | undefined, fixed: string) => {
    const { affected } = notice('ALSA-2024:1', { summary, related: ['CVE-2024-0001'] }, fixed).advisory
    return affected.filter(({ name }) => name === 'bash').map(({ module }) => module)
  }
  const alma = '1:0.1.15-2.git2d0b8a3.module_el8.5.0+119+9a9ec082'
  const rocky = '1:18.14.2-3.module+el9.2.0+14843+acebbfea'

  it.each([
    ['Moderate: nodejs:12 security update', ['nodejs:12']],
    ['Important: container-tools:rhel8 security, bug fix, and enhancement update', ['container-tools:rhel8']],
    ['ALSA-2022:5468: php:8.0 security update (Important)', ['php:8.0']],
    ['Red Hat Security Advisory: python39:3.9 security update', ['python39:3.9']],
    ['Important: httpd:2.4/mod_http2 security update', ['httpd:2.4']],
    ['new module: perl:5.30', ['perl:5.30']],
    ['389-ds:1.4 bug fix and enhancement update', ['389-ds:1.4']],
    ['Low: virt:rhel and virt-devel:rhel security update', ['virt:rhel', 'virt-devel:rhel']],
    [
      'perl-IO-Socket-SSL:2.066 and perl-libwww-perl:6.34 update',
      ['perl-IO-Socket-SSL:2.066', 'perl-libwww-perl:6.34'],
    ],
    ['Moderate: container-tools security update', ['']],
    ['nodejs (Moderate)', ['']],
    ['Important: ipa update, see https://example.com:8080/x', ['']],
    // No notice is about so many: they are not looked at one by one.
    [Array.from({ length: 11 }, (_, at) => `m${at}:1`).join(' '), ['']],
    [undefined, ['']],
  ])('pitfall 23: is about the streams that its title names: %s', (title, expected) => {
    expect(modules(title, alma)).toEqual(expected)
    expect(modules(title, rocky)).toEqual(expected)
  })

  it('pitfall 23: that name a stream are about other builds too, by their versions', () => {
    expect(modules('Moderate: nodejs:12 security update', '1:16.19.1-1.el9_2')).toEqual([null])
    expect(modules('Moderate: module:1 update', '1.0-1.module.el9')).toEqual([null])
  })

  it('of the shared data nearly always names one', async () => {
    const place = shared('advisories')
    if (place === null) return
    const counts = { named: 0, unnamed: 0, outside: 0 }
    for (const folder of ['AlmaLinux', 'Rocky Linux']) {
      for await (const record of readOsvZip(place, folder, new AbortController().signal)) {
        if (record.kind === 'rejected') continue
        const modules = new Set(record.advisory.affected.map(({ module }) => module))
        if (modules.has('')) counts.unnamed += 1
        else counts[modules.has(null) ? 'outside' : 'named'] += 1
      }
    }
    // ALSA-2024:4246, ALSA-2024:4367 and five of Rocky Linux name none.
    expect(counts.unnamed).toBe(7)
    expect(counts.named).toBeGreaterThan(200)
  })
})
