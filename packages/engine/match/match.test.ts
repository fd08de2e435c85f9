import { matchSchema } from '@plimsoll/types'
import { describe, expect, it, vi } from 'vitest'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { apk } from '../ecosystems/apk.ts'
import { defaultMatchLimits, type MatchLimits, match } from './match.ts'
import {
  affected,
  bionic,
  bookworm,
  findingsOf,
  installed,
  inventoryOf,
  record,
  today,
} from './testdata/records.ts'

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

  it('is looked up by the source name and compared with the source version, not the binary ones', () => {
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

  it('merges all advisories that name the same CVE, with all their ids and the highest fixed version', () => {
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

  it('stands under the advisory’s own id when that names no CVE', () => {
    const [found] = findingsOf([old], [record('DSA-1-1')])
    expect(found).toMatchObject({ vulnerabilityId: 'DSA-1-1', aliases: [], cves: [] })
    expect(ids([old], record('CVE-2024-0001'))).toEqual(['CVE-2024-0001'])
  })

  it('does not come of a withdrawn record, another release, a fixed version or another package', () => {
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

  it('is unimportant when every record that matches says so', () => {
    const trifle = record('DEBIAN-CVE-2024-0001', {
      upstream: ['CVE-2024-0001'],
      affected: [affected('openssl', ['introduced 0'], unimportant)],
    })
    expect(classes([old], trifle)).toEqual(['unimportant'])
    expect(classes([old], trifle, record('DSA-1-1', { upstream: ['CVE-2024-0001'] }))).toEqual(['security'])
  })

  it('is kernel-headers when nothing but headers is installed of the kernel', () => {
    const kernel = record('CVE-2024-0001', { affected: [affected('linux', ['introduced 0'])] })
    const of = (...names: string[]) => names.map(name => installed(name, '6.1.1-1', { sourceName: 'linux' }))
    expect(classes(of('linux-libc-dev'), kernel)).toEqual(['kernel-headers'])
    expect(classes(of('linux-libc-dev', 'linux-headers-6.1.0-1-amd64'), kernel)).toEqual(['kernel-headers'])
    expect(classes(of('linux-aws-headers-4.15.0-1'), kernel)).toEqual(['kernel-headers'])
    expect(classes(of('linux-libc-dev', 'linux-image-6.1.0-1-amd64'), kernel)).toEqual(['security'])
  })
})

describe('the fix of a finding', () => {
  const fixOf = (...entries: ReturnType<typeof affected>[]) => {
    const records = entries.map((entry, at) =>
      record(`DSA-${at}-1`, { upstream: ['CVE-2024-0001'], affected: [entry] }),
    )
    const [found] = findingsOf([old], records)
    return [found?.fixState, found?.fixedVersion, found?.patchable, found?.remediation.command !== null]
  }
  const open = (more: Record<string, unknown> = {}) => affected('openssl', ['introduced 0'], more)

  it('is none while a record that matches has none', () => {
    expect(fixOf(open())).toEqual(['none', null, false, false])
    expect(fixOf(affected(), open())).toEqual(['none', null, false, false])
    expect(fixOf(affected('openssl', ['introduced 0', 'last_affected 1.0-1']))).toEqual([
      'none',
      null,
      false,
      false,
    ])
  })

  it('is what the vendor says of it', () => {
    expect(fixOf(open({ ecosystem_specific: { urgency: 'end-of-life' } }))[0]).toBe('will-not-fix')
    expect(fixOf(open({ database_specific: { fix_state: 'Will not fix' } }))[0]).toBe('will-not-fix')
    expect(fixOf(open({ ecosystem_specific: { status: 'postponed' } }))[0]).toBe('deferred')
    expect(
      fixOf(
        open({ ecosystem_specific: { status: 'postponed' } }),
        open({ database_specific: { status: 'ignored' } }),
      )[0],
    ).toBe('will-not-fix')
  })

  const inFeed = (ecosystem: string, ...events: string[]) => ({
    ...affected('openssl', events),
    package: { ecosystem, name: 'openssl' },
  })

  it('needs a paid channel where only that one has it', () => {
    const advisory = record('UBUNTU-CVE-2024-0001', {
      upstream: ['CVE-2024-0001'],
      affected: [
        inFeed('Ubuntu:18.04:LTS', 'introduced 0'),
        inFeed('Ubuntu:Pro:18.04:LTS', 'introduced 0', 'fixed 1.0-1ubuntu1+esm2'),
        inFeed('Ubuntu:Pro:16.04:LTS', 'introduced 0', 'fixed 9.0-1'),
      ],
    })
    const { findings } = match(inventoryOf([old], bionic), advisoryIndex([advisory]), { today })
    expect(findings).toMatchObject([
      {
        fixState: 'needs-paid-channel',
        fixedVersion: '1.0-1ubuntu1+esm2',
        patchable: false,
        feed: 'Ubuntu:18.04:LTS',
      },
    ])
    expect(findings[0]?.remediation.command).toBeNull()
    expect(findings[0]?.remediation.summary).toContain('Ubuntu 18.04 LTS has in a paid channel only')
  })

  it.each([
    ['1.0-1ubuntu1+esm1', ['CVE-2024-0001']],
    ['1.0-1ubuntu1+esm2', []],
    ['1.0-1ubuntu1+esm3', []],
    ['1.0-1ubuntu1.5~18.04~esm1', []],
    // Later than the fix, and yet not out of the channel that has it.
    ['1.0-1ubuntu1.5', ['CVE-2024-0001']],
  ])('of the paid channel is there in %s, or not', (version, expected) => {
    const paid = inFeed('Ubuntu:Pro:18.04:LTS', 'introduced 0', 'fixed 1.0-1ubuntu1+esm2')
    const open = inFeed('Ubuntu:18.04:LTS', 'introduced 0')
    const advisory = record('UBUNTU-CVE-2024-0001', { upstream: ['CVE-2024-0001'], affected: [open, paid] })
    const inventory = inventoryOf([installed('openssl', version)], bionic)
    const { findings } = match(inventory, advisoryIndex([advisory]), { today })
    expect(findings.map(one => one.vulnerabilityId)).toEqual(expected)
  })

  it('of the public channel is asked for where the paid one knows nothing of the package', () => {
    const advisory = record('UBUNTU-CVE-2024-0001', {
      affected: [inFeed('Ubuntu:18.04:LTS', 'introduced 0')],
    })
    const installedPaid = installed('openssl', '1.0-1ubuntu1+esm1')
    expect(
      match(inventoryOf([installedPaid], bionic), advisoryIndex([advisory]), { today }).findings,
    ).toHaveLength(1)
  })
})

describe('a version that cannot be compared', () => {
  it('gives an undetermined finding and partial coverage, never silence', () => {
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

describe('the coverage of a match', () => {
  const lookup = advisoryIndex([
    record('CVE-2024-0001', { modified: '2024-05-01T00:00:00Z' }),
    record('CVE-2024-0002'),
  ])

  it('is complete, and names the feed with its size and age', () => {
    const { coverage } = match(inventoryOf([old]), lookup, { today })
    expect(coverage).toEqual({
      status: 'complete',
      reasons: [],
      packages: { deb: 1 },
      databases: [],
      release: expect.anything(),
      feeds: [{ feed: 'Debian:12', advisories: 2, asOf: '2024-05-01T00:00:00.000Z' }],
    })
  })

  it('is partial without advisories for the release', () => {
    const { coverage, findings } = match(inventoryOf([old], { ...bookworm, versionId: '11' }), lookup, {
      today,
    })
    expect(findings).toEqual([])
    expect(coverage.status).toBe('partial')
    expect(coverage.feeds).toEqual([])
    expect(coverage.reasons).toEqual([
      {
        code: 'no-advisories-for-release',
        message:
          'The advisories at hand have none for Debian 11, so its Debian packages (dpkg), 1 in all, were not judged.',
      },
    ])
  })

  it('is partial for a distribution without a feed, and for none at all', () => {
    const kali = { id: 'kali', versionId: '2024.1', idLike: ['debian'], prettyName: 'Kali GNU/Linux Rolling' }
    for (const distro of [kali, null]) {
      const { coverage } = match(inventoryOf([old], distro), lookup, { today })
      expect(coverage.status).toBe('partial')
      expect(coverage.reasons).toMatchObject([{ code: 'unsupported-distribution' }])
    }
  })

  it('keeps the reasons of the inventory', () => {
    const reasons = [{ code: 'limit-entries' as const, message: 'too many' }]
    const { coverage } = match(inventoryOf([old], bookworm, { status: 'partial', reasons }), lookup, {
      today,
    })
    expect(coverage.status).toBe('partial')
    expect(coverage.reasons).toEqual(reasons)
  })

  it('of what cannot be assessed stays what it is', () => {
    const reasons = [{ code: 'nothing-to-read' as const, message: 'nothing' }]
    const { coverage, findings } = match(
      inventoryOf([], null, { status: 'not-applicable', reasons }),
      lookup,
      { today },
    )
    expect(coverage.status).toBe('not-applicable')
    expect(findings).toEqual([])
  })

  it('of an image without any package is complete', () => {
    expect(match(inventoryOf([]), lookup, { today })).toMatchObject({
      findings: [],
      coverage: { status: 'complete' },
    })
  })

  it('of more packages than can be matched is partial, and what was matched counts', () => {
    const made = Array.from({ length: 50 }, (_, at) => installed('openssl', `1.0-${at}`))
    const within = (limits: Partial<MatchLimits>) =>
      match(inventoryOf(made), lookup, { today, limits: { ...defaultMatchLimits, ...limits } })
    const few = within({ maxJudgements: 5 })
    expect(few.findings).toHaveLength(4)
    expect(few.coverage).toMatchObject({ status: 'partial', reasons: [{ code: 'limit-entries' }] })
    expect(few.coverage.reasons[0]?.message).toContain('from openssl 1.0-2 on nothing was judged')
    expect(within({ maxFindings: 7 }).findings).toHaveLength(6)
    expect(within({ maxFindingChars: 1000 }).findings).toHaveLength(2)
  })

  it('is worked out in time for an image made to take for ever', { timeout: 60_000 }, () => {
    const many = advisoryIndex(Array.from({ length: 5000 }, (_, at) => record(`CVE-2024-${10_000 + at}`)))
    const made = Array.from({ length: 20_000 }, (_, at) => installed('openssl', `1.0-${at}`))
    const { findings, coverage } = match(inventoryOf(made), many, { today })
    expect(findings).toHaveLength(50_000)
    expect(coverage.reasons).toMatchObject([{ code: 'limit-entries' }])
  })

  it('takes no more memory for a source of very many packages with very many advisories', () => {
    const many = advisoryIndex(Array.from({ length: 3000 }, (_, at) => record(`CVE-2024-${10_000 + at}`)))
    const source = { sourceName: 'openssl', sourceVersion: '1.0-1' }
    const made = Array.from({ length: 50_000 }, (_, at) => installed(`package-${at}`, '1.0-1', source))
    const { findings, coverage } = match(inventoryOf(made), many, { today })
    expect(findings.reduce((sum, { packages }) => sum + packages.length, 0)).toBeLessThan(1_000_000)
    expect(coverage.reasons).toMatchObject([{ code: 'limit-entries' }])
  })

  it('asks of a version, which may be long, only once whether it is one', () => {
    const alpine = { id: 'alpine', versionId: '3.18.4', idLike: [], prettyName: 'Alpine Linux v3.18' }
    const ofAlpine = {
      ...affected('x', ['introduced 0', 'fixed 0.1-r0']),
      package: { ecosystem: 'Alpine:v3.18', name: 'x' },
    }
    const many = Array.from({ length: 20 }, (_, at) =>
      record(`CVE-2024-${10_000 + at}`, { affected: [ofAlpine] }),
    )
    const long = (at: number): string => `1${'.1'.repeat(500)}.${at}`
    const made = Array.from({ length: 200 }, (_, at) => installed('x', long(at), { ecosystem: 'apk' }))
    const asked = vi.spyOn(apk, 'isVersion')
    expect(match(inventoryOf(made, alpine), advisoryIndex(many), { today })).toMatchObject({ findings: [] })
    expect(asked.mock.calls.filter(([version]) => version.length > 500)).toHaveLength(made.length)
    asked.mockRestore()
  })

  it('is matched a second time from its own result without growing', () => {
    const inventory = inventoryOf([installed('openssl', 'x_y')])
    expect(match(inventory, lookup, { today })).toEqual(match(inventory, lookup, { today }))
  })
})
