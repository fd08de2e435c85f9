import { matchSchema } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { match } from './match.ts'
import { affected, findingsOf, installed, inventoryOf, record, today } from './testdata/records.ts'

const old = installed('openssl', '1.0-1')
const ids = (
  packages: Parameters<typeof findingsOf>[0],
  ...records: Parameters<typeof findingsOf>[1][number][]
) => findingsOf(packages, records).map(one => one.vulnerabilityId)

describe('a finding', () => {
  it('is one vulnerability in one version of one source package, with its binary packages inside', () => {
    const packages = [
      installed('libssl3', '1.0-1', { sourceName: 'openssl' }),
      installed('openssl', '1.0-1'),
      installed('openssl', '1.0-1', { arch: 'i386' }),
      installed('libssl1.1', '0.9-1', { sourceName: 'openssl', sourceVersion: '0.9-1' }),
    ]
    const findings = findingsOf(packages, [record('DEBIAN-CVE-2024-0001', { upstream: ['CVE-2024-0001'] })])
    expect(
      findings.map(one => [one.sourceVersion, one.packages.map(({ name, arch }) => `${name}:${arch}`)]),
    ).toEqual([
      ['0.9-1', ['libssl1.1:amd64']],
      ['1.0-1', ['libssl3:amd64', 'openssl:amd64', 'openssl:i386']],
    ])
  })

  it('pitfall 1: is looked up by the source name and compared with the source version, not the binary ones', () => {
    const rebuilt = installed('libssl3', '9:9.9-9+b1', { sourceName: 'openssl', sourceVersion: '1.0-1' })
    const namesake = installed('openssl', '1.0-1', { sourceName: 'other', sourceVersion: '1.0-1' })
    expect(ids([rebuilt], record('CVE-2024-0001'))).toEqual(['CVE-2024-0001'])
    expect(ids([namesake], record('CVE-2024-0001'))).toEqual([])
  })

  it('is made for each CVE of an advisory that names several', () => {
    const found = findingsOf([old], [record('DSA-1-1', { upstream: ['CVE-2024-0002', 'CVE-2024-0001'] })])
    expect(found.map(one => [one.vulnerabilityId, one.aliases, one.advisoryIds])).toEqual([
      ['CVE-2024-0001', ['DSA-1-1'], ['DSA-1-1']],
      ['CVE-2024-0002', ['DSA-1-1'], ['DSA-1-1']],
    ])
  })

  it('pitfall 27 and 31: merges all advisories that name the same CVE, with all their ids and the highest fixed version', () => {
    const found = findingsOf(
      [old],
      [
        record('DSA-1-1', {
          upstream: ['CVE-2024-0001'],
          affected: [affected('openssl', ['introduced 0', 'fixed 2.0-10'])],
        }),
        record('DEBIAN-CVE-2024-0001', { upstream: ['CVE-2024-0001'], aliases: ['GHSA-aaaa-bbbb-cccc'] }),
      ],
    )
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      vulnerabilityId: 'CVE-2024-0001',
      aliases: ['DEBIAN-CVE-2024-0001', 'DSA-1-1', 'GHSA-aaaa-bbbb-cccc'],
      advisoryIds: ['DEBIAN-CVE-2024-0001', 'DSA-1-1'],
      fixState: 'available',
      fixedVersion: '2.0-10',
    })
    expect(found[0]?.explanations.map(({ advisoryId, fixed }) => [advisoryId, fixed])).toEqual([
      ['DEBIAN-CVE-2024-0001', '2.0-1'],
      ['DSA-1-1', '2.0-10'],
    ])
  })

  it('is made for those CVEs of a notice that the release had', () => {
    const inRelease = (cve: string, fixed: string) =>
      affected('openssl', ['introduced 0', `fixed ${fixed}`], {
        database_specific: { cves_map: { cves: [cve] } },
      })
    const notice = record('USN-1-1', {
      upstream: ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003'],
      affected: [inRelease('CVE-2024-0001', '2.0-1'), inRelease('CVE-2024-0002', '0.5-1')],
    })
    expect(ids([old], notice)).toEqual(['CVE-2024-0001'])
  })

  it('stands under the advisory’s own id when that names no CVE', () => {
    const [found] = findingsOf([old], [record('DSA-1-1')])
    expect(found).toMatchObject({ vulnerabilityId: 'DSA-1-1', aliases: [], cves: [] })
    expect(ids([old], record('CVE-2024-0001'))).toEqual(['CVE-2024-0001'])
  })

  it('pitfall 32: does not come of a withdrawn record, another release, a fixed version or another package', () => {
    const elsewhere = { ...affected(), package: { ecosystem: 'Debian:11', name: 'openssl' } }
    expect(ids([old], record('CVE-2024-0001', { withdrawn: '2024-01-01T00:00:00Z' }))).toEqual([])
    expect(ids([old], record('CVE-2024-0001', { affected: [elsewhere] }))).toEqual([])
    expect(ids([installed('openssl', '2.0-1')], record('CVE-2024-0001'))).toEqual([])
    expect(ids([installed('bash', '1.0-1')], record('CVE-2024-0001'))).toEqual([])
  })

  it('links to the CVE and to the vendor’s pages', () => {
    const references = [
      { type: 'ADVISORY', url: 'https://security-tracker.debian.org/tracker/CVE-2024-0001' },
      { type: 'REPORT', url: 'https://www.cve.org/CVERecord?id=CVE-2024-0001' },
      { type: 'WEB', url: 'javascript:alert(1)' },
    ]
    const [found] = findingsOf([old], [record('CVE-2024-0001', { references })])
    expect(found?.cves).toEqual([
      { title: 'CVE-2024-0001', link: 'https://www.cve.org/CVERecord?id=CVE-2024-0001' },
    ])
    expect(found?.vendorReferences).toEqual([
      {
        title: 'Advisory: security-tracker.debian.org',
        link: 'https://security-tracker.debian.org/tracker/CVE-2024-0001',
      },
    ])
  })

  it('carries texts composed from the facts', () => {
    const packages = [installed('libssl3', '1.0-1', { sourceName: 'openssl' }), old]
    const [found] = findingsOf(packages, [record('CVE-2024-0001')])
    expect(found?.category).toBe('Debian')
    expect(found?.securityCheck).toBe('Debian security update for openssl (CVE-2024-0001)')
    expect(found?.remediation).toEqual({
      summary:
        'Upgrade openssl to 2.0-1 or later: rebuild the image on an updated base, or upgrade the packages in it.',
      command: 'apt-get update && apt-get install --only-upgrade -y libssl3 openssl',
    })
    expect(found?.description).toBeNull()
  })

  it('shows the feed’s own text, else the one of the CVE', () => {
    const facts = { id: 'CVE-2024-0001', publishedAt: null, cvss: [], description: 'of the CVE' }
    const [own] = findingsOf([old], [record('CVE-2024-0001', { details: 'of the record' })], [facts])
    const [other] = findingsOf([old], [record('CVE-2024-0001')], [facts])
    expect([own?.description, other?.description]).toEqual(['of the record', 'of the CVE'])
  })

  it('is as old as the first that was said of it, and as new as the last', () => {
    const facts = {
      id: 'CVE-2024-0001',
      publishedAt: '2024-01-02T00:00:00.000Z',
      cvss: [],
      description: null,
    }
    const found = findingsOf(
      [old],
      [
        record('DSA-1-1', {
          upstream: ['CVE-2024-0001'],
          published: '2024-02-01',
          modified: '2024-03-01T10:00:00Z',
        }),
        record('DSA-2-1', { upstream: ['CVE-2024-0001'], modified: '2024-03-01T09:00:00+02:00' }),
      ],
      [facts],
    )
    expect(found[0]?.publishedAt).toBe('2024-01-02T00:00:00.000Z')
    expect(found[0]?.modifiedAt).toBe('2024-03-01T10:00:00.000Z')
  })

  it('comes the worst first, then by id and package', () => {
    const severity = [{ type: 'Ubuntu', score: 'high' }]
    const found = findingsOf(
      [old, installed('bash', '1.0-1')],
      [
        record('CVE-2024-0003', { severity }),
        record('CVE-2024-0001', { affected: [affected('openssl'), affected('bash')] }),
        record('CVE-2024-0002', { severity }),
      ],
    )
    expect(found.map(one => `${one.vulnerabilityId} ${one.sourceName}`)).toEqual([
      'CVE-2024-0002 openssl',
      'CVE-2024-0003 openssl',
      'CVE-2024-0001 bash',
      'CVE-2024-0001 openssl',
    ])
  })

  it('pitfall 7: without a severity is there, as Unknown', () => {
    const advisory = record('CVE-2024-3094', {
      affected: [
        affected('openssl', ['introduced 0'], { ecosystem_specific: { urgency: 'not yet assigned' } }),
      ],
    })
    expect(findingsOf([old], [advisory])).toMatchObject([
      {
        severity: 'Unknown',
        severitySource: null,
        class: 'security',
        vendorSeverities: [{ source: 'Debian', word: 'not yet assigned', severity: 'Unknown' }],
      },
    ])
  })

  it('pitfall 2: counts the epoch, and none as 0', () => {
    const fixed = (version: string) =>
      record('CVE-2024-0001', { affected: [affected('openssl', ['introduced 0', `fixed ${version}`])] })
    expect(ids([old], fixed('1:0.5-1'))).toHaveLength(1)
    expect(ids([installed('openssl', '1:0.5-1')], fixed('2.0-1'))).toEqual([])
    expect(ids([installed('openssl', '2.0-1')], fixed('0:2.0-1'))).toEqual([])
  })

  it('pitfall 3: holds what sorts before a fix for affected', () => {
    expect(ids([installed('openssl', '2.0-1~rc1')], record('CVE-2024-0001'))).toHaveLength(1)
    expect(ids([installed('openssl', '2.0-1+b1')], record('CVE-2024-0001'))).toEqual([])
  })

  it('pitfall 16: does not come of a package that was fixed in 0, which never was affected', () => {
    const never = record('CVE-2024-0001', { affected: [affected('openssl', ['introduced 0', 'fixed 0'])] })
    for (const version of ['0', '0.1-1', '0~rc1', 'not_a_version'])
      expect(ids([installed('openssl', version)], never)).toEqual([])
    const { coverage } = match(inventoryOf([old]), advisoryIndex([never]), { today })
    expect(coverage.status).toBe('complete')
  })

  it('has the shape that everybody agreed on', () => {
    for (const one of findingsOf([old], [record('CVE-2024-0001'), record('DSA-1-1')])) {
      expect(matchSchema.parse(one)).toEqual(one)
    }
  })

  it('does not depend on the order in which records are found', () => {
    const records = ['DSA-2-1', 'DSA-1-1', 'DSA-3-1'].map((id, at) =>
      record(id, {
        upstream: ['CVE-2024-0001'],
        details: id,
        severity: [{ type: 'CVSS_V3', score: `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:${'HLN'[at]}/I:N/A:L` }],
      }),
    )
    expect(findingsOf([old], records)).toEqual(findingsOf([old], records.toReversed()))
  })
})

describe('the class of a finding', () => {
  const unimportant = { ecosystem_specific: { urgency: 'unimportant' } }
  const classes = (
    packages: Parameters<typeof findingsOf>[0],
    ...records: Parameters<typeof findingsOf>[1][number][]
  ) => findingsOf(packages, records).map(one => one.class)

  it('is security', () => {
    expect(classes([old], record('CVE-2024-0001'))).toEqual(['security'])
  })

  it('pitfall 5: is unimportant when every record that matches says so', () => {
    const trifle = record('DEBIAN-CVE-2024-0001', {
      upstream: ['CVE-2024-0001'],
      affected: [affected('openssl', ['introduced 0'], unimportant)],
    })
    expect(classes([old], trifle)).toEqual(['unimportant'])
    expect(classes([old], trifle, record('DSA-1-1', { upstream: ['CVE-2024-0001'] }))).toEqual(['security'])
  })

  it('pitfall 11: is kernel-headers when nothing but headers is installed of the kernel', () => {
    const kernel = record('CVE-2024-0001', { affected: [affected('linux', ['introduced 0'])] })
    const of = (...names: string[]) => names.map(name => installed(name, '6.1.1-1', { sourceName: 'linux' }))
    expect(classes(of('linux-libc-dev'), kernel)).toEqual(['kernel-headers'])
    expect(classes(of('linux-libc-dev', 'linux-headers-6.1.0-1-amd64'), kernel)).toEqual(['kernel-headers'])
    expect(classes(of('linux-aws-headers-4.15.0-1'), kernel)).toEqual(['kernel-headers'])
    expect(classes(of('linux-libc-dev', 'linux-image-6.1.0-1-amd64'), kernel)).toEqual(['security'])
  })

  it.each([
    ['linux-libc-dev', true],
    ['linux-libc-dev-arm64-cross', true],
    ['linux-headers-6.1.0-1-amd64', true],
    ['linux-aws-headers-4.15.0-1', true],
    ['kernel-headers', true],
    ['kernel-devel', true],
    ['kernel-rt-devel', true],
    ['kernel-default-devel', true],
    ['linux-glibc-devel', true],
    ['linux-headers', true],
    ['linux-lts-dev', true],
    ['kernel-core', false],
    ['kernel-tools-libs-devel', false],
    ['linux-image-6.1.0-1-amd64', false],
    ['linux-perf', false],
    ['openssl-devel', false],
  ])('pitfall 11 and 30: %s is nothing but headers: %s', (name, expected) => {
    const kernel = record('CVE-2024-0001', { affected: [affected('linux', ['introduced 0'])] })
    const found = classes([installed(name, '6.1.1-1', { sourceName: 'linux' })], kernel)
    expect(found).toEqual([expected ? 'kernel-headers' : 'security'])
  })
})

describe('a version that cannot be compared', () => {
  it('pitfall 3: gives an undetermined finding and partial coverage, never silence', () => {
    const odd = installed('openssl', 'not_a_version')
    const { findings, coverage } = match(inventoryOf([odd]), advisoryIndex([record('CVE-2024-0001')]), {
      today,
    })
    expect(findings).toMatchObject([{ state: 'undetermined', vulnerabilityId: 'CVE-2024-0001' }])
    expect(findings[0]?.undeterminedReason).toContain('"not_a_version" is not a version here')
    expect(findings[0]?.remediation.summary).toContain(
      'Check by hand whether openssl not_a_version is affected',
    )
    expect(findings[0]?.remediation.command).toBeNull()
    expect(coverage.status).toBe('partial')
    expect(coverage.reasons).toMatchObject([{ code: 'version-not-comparable' }])
    expect(coverage.reasons[0]?.message).toMatch(
      /^A version could not be compared, openssl not_a_version: "not_a_version" is/,
    )
  })

  it('says so once for each package, however many records there are', () => {
    const records = Array.from({ length: 30 }, (_, at) => record(`CVE-2024-${1000 + at}`))
    const { coverage } = match(inventoryOf([installed('openssl', 'x_y')]), advisoryIndex(records), { today })
    expect(coverage.reasons).toHaveLength(1)
    const made = Array.from({ length: 50 }, (_, at) => installed('openssl', `x_${at}`))
    const bounded = match(inventoryOf(made), advisoryIndex(records), { today }).coverage.reasons
    expect(bounded).toHaveLength(21)
    expect(bounded.at(-1)?.message).toBe('Versions of 30 more packages could not be compared.')
  })

  it('is no doubt where nothing has to be compared, or where another record is certain', () => {
    const odd = installed('openssl', 'not_a_version')
    const always = record('DSA-1-1', {
      upstream: ['CVE-2024-0001'],
      affected: [affected('openssl', ['introduced 0'])],
    })
    const [found] = findingsOf([odd], [always, record('DSA-2-1', { upstream: ['CVE-2024-0001'] })])
    expect(found).toMatchObject({ state: 'open', advisoryIds: ['DSA-1-1'] })
  })

  it('is found in the record as well', () => {
    const typo = record('CVE-2024-0001', { affected: [affected('openssl', ['introduced 0', 'fixed 2.0_1'])] })
    expect(findingsOf([old], [typo])).toMatchObject([{ state: 'undetermined' }])
  })
})
