import { describe, expect, it, vi } from 'vitest'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { apk } from '../ecosystems/apk.ts'
import { defaultMatchLimits, type MatchLimits, match } from './match.ts'
import {
  affected,
  bionic,
  bookworm,
  inFeed,
  installed,
  installedRpm,
  inventoryOf,
  record,
  release,
  today,
} from './testdata/records.ts'

const old = installed('openssl', '1.0-1')

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

  it('pitfall 13: is partial without advisories for the release', () => {
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

  it('pitfall 13: is partial for a distribution without a feed, and for none at all', () => {
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

  it.each(['not-applicable', 'not-scanned'] as const)('of what is %s stays that', status => {
    const reasons = [{ code: 'nothing-to-read' as const, message: 'nothing' }]
    const { coverage, findings } = match(inventoryOf([old], bookworm, { status, reasons }), lookup, { today })
    expect(coverage).toMatchObject({ status, reasons, feeds: [] })
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

  it('is worked out in time for an image made to take for ever', () => {
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

  it('takes no more memory for a vulnerability with very many names and links', () => {
    const aliases = Array.from({ length: 100_000 }, (_, at) => `X-${at}`)
    const references = Array.from({ length: 100_000 }, (_, at) => ({ url: `https://example.com/${at}` }))
    const packages = Array.from({ length: 300 }, (_, at) => installed('openssl', `1.0-${at}`))
    for (const more of [{ aliases }, { references }]) {
      const advisories = advisoryIndex([record('CVE-2024-0001', more)])
      const { findings, coverage } = match(inventoryOf(packages), advisories, { today })
      expect(findings.length).toBeGreaterThan(0)
      expect(findings.length).toBeLessThan(100)
      expect(coverage.reasons.map(({ code }) => code)).toEqual(['limit-entries'])
    }
  })

  it('is complete though a record cannot be compared, where another about the same vulnerability can', () => {
    const unclear = record('DSA-1-1', {
      upstream: ['CVE-2024-0001'],
      affected: [affected('openssl', ['introduced 0', 'fixed x_y'])],
    })
    const reasons = (...records: ReturnType<typeof record>[]) =>
      match(inventoryOf([old]), advisoryIndex(records), { today }).coverage.reasons.map(({ code }) => code)
    expect(reasons(unclear)).toEqual(['version-not-comparable'])
    expect(reasons(unclear, record('CVE-2024-0001'))).toEqual([])
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

  it.each([
    ['amzn', '2023', 'Amazon Linux 2023'],
    ['ol', '9.4', 'Oracle Linux Server 9.4'],
    ['fedora', '40', 'Fedora Linux 40 (Container Image)'],
    ['centos', '8', 'CentOS Linux 8'],
  ])(
    'pitfall 13, 28 and 29: of %s %s is no claim, whatever other distributions know',
    (id, versionId, name) => {
      const others = advisoryIndex([
        record('ALSA-1', {
          upstream: ['CVE-2024-0001'],
          affected: ['AlmaLinux:8', 'AlmaLinux:9', 'Rocky Linux:9', 'Red Hat:enterprise_linux:9::baseos'].map(
            feed => inFeed(feed, 'openssl-libs', 'introduced 0'),
          ),
        }),
      ])
      const one = installedRpm('openssl-libs', '1:3.0.1-1.el9', { sourceName: 'openssl' })
      const { findings, coverage } = match(inventoryOf([one], release(id, versionId, name)), others, {
        today,
      })
      expect(findings).toEqual([])
      expect(coverage.status).toBe('partial')
      expect(coverage.reasons.at(-1)).toEqual({
        code: 'unsupported-distribution',
        message: `There is no advisory feed for ${name}, so its RPM packages, 1 in all, were not judged.`,
      })
    },
  )

  it('pitfall 17: names the feed that a zero rests on', () => {
    const alpine = release('alpine', '3.20.0', 'Alpine Linux v3.20')
    const known = advisoryIndex([
      record('ALPINE-CVE-2024-0001', {
        modified: '2024-05-01T00:00:00Z',
        affected: [inFeed('Alpine:v3.20', 'openssl', 'introduced 0', 'fixed 3.0-r0')],
      }),
    ])
    const one = installed('openssl', '3.1-r0', { ecosystem: 'apk' })
    const { findings, coverage } = match(inventoryOf([one], alpine), known, { today })
    expect(findings).toEqual([])
    expect(coverage.feeds).toEqual([
      { feed: 'Alpine:v3.20', advisories: 1, asOf: '2024-05-01T00:00:00.000Z' },
    ])
  })

  it('passes on what the inventory says of repositories of another release', () => {
    const reasons = [{ code: 'mixed-releases' as const, message: 'Repositories of v3.20 and edge.' }]
    const { coverage } = match(inventoryOf([old], bookworm, { status: 'partial', reasons }), lookup, {
      today,
    })
    expect(coverage.reasons).toEqual(reasons)
  })
})

describe('packages of third parties', () => {
  const docker = { vendor: 'Docker <support@docker.com>' }
  const lookup = advisoryIndex([
    record('CVE-2024-0001', { affected: [affected('containerd.io', ['introduced 0']), affected('openssl')] }),
  ])

  it('pitfall 14: are not judged, and the ledger names them by their builder', () => {
    const packages = ['docker-ce', 'docker-ce-cli', 'containerd.io', 'docker-buildx-plugin'].map(name =>
      installed(name, '1.0-1', docker),
    )
    const { findings, coverage } = match(inventoryOf([old, ...packages]), lookup, { today })
    expect(findings.map(one => one.sourceName)).toEqual(['openssl'])
    expect(coverage.status).toBe('partial')
    expect(coverage.reasons).toEqual([
      {
        code: 'third-party-packages',
        message:
          '4 packages are from Docker, of which Debian’s advisories say nothing, so they were not judged: docker-ce 1.0-1, docker-ce-cli 1.0-1, containerd.io 1.0-1 and 1 more.',
      },
    ])
  })

  it('are told of one and of very many builders', () => {
    const one = match(inventoryOf([installed('docker-ce', '1.0-1', docker)]), lookup, { today })
    expect(one.coverage.reasons[0]?.message).toBe(
      '1 package is from Docker, of which Debian’s advisories say nothing, so it was not judged: docker-ce 1.0-1.',
    )
    const made = Array.from({ length: 50 }, (_, at) =>
      installed(`p${at}`, '1.0-1', { vendor: `Vendor ${at}` }),
    )
    const { reasons } = match(inventoryOf(made), lookup, { today }).coverage
    expect(reasons).toHaveLength(21)
    expect(reasons.at(-1)?.message).toBe('30 more packages are from 30 others, and were not judged.')
  })

  it('pitfall 28: are those of another vendor in a rebuild', () => {
    const alma = release('almalinux', '9.4', 'AlmaLinux 9.4')
    const known = advisoryIndex([
      record('ALSA-1', {
        upstream: ['CVE-2024-0001'],
        affected: [inFeed('AlmaLinux:9', 'bash', 'introduced 0')],
      }),
    ])
    const of = (vendor: string) =>
      match(inventoryOf([installedRpm('bash', '5.1-1.el9', { vendor })], alma), known, { today })
    expect(of('AlmaLinux').findings).toHaveLength(1)
    expect(of('').findings).toHaveLength(1)
    expect(of('Fedora Project')).toMatchObject({
      findings: [],
      coverage: { reasons: [{ code: 'third-party-packages' }] },
    })
  })
})

describe('a release past its end of life', () => {
  const lookup = advisoryIndex([
    record('CVE-2024-0001', {
      affected: [affected('bash'), inFeed('Ubuntu:18.04:LTS', 'bash', 'introduced 0', 'fixed 1')],
    }),
  ])
  const codes = (distro: typeof bookworm, day: string, version = '1.0-1', sourceVersion = version) => {
    const inventory = inventoryOf([installed('openssl', version, { sourceVersion })], distro)
    return match(inventory, lookup, { today: day }).coverage.reasons.map(({ code }) => code)
  }

  it('pitfall 13: is said to be, from the day after its last', () => {
    const last = match(inventoryOf([old]), lookup, { today }).coverage.release?.endOfLifeOn ?? ''
    const next = new Date(Date.parse(last) + 86_400_000).toISOString().slice(0, 10)
    expect(codes(bookworm, last)).toEqual([])
    expect(codes(bookworm, next)).toEqual(['end-of-life'])
    const { coverage } = match(inventoryOf([old]), lookup, { today: next })
    expect(coverage.status).toBe('partial')
    expect(coverage.reasons[0]?.message).toContain(
      `Free security updates of Debian 12 (bookworm) ended on ${last}`,
    )
  })

  it('pitfall 8 and 13: goes on in a paid channel, for those who have packages of it', () => {
    expect(codes(bionic, '2023-05-01')).toEqual([])
    expect(codes(bionic, '2024-06-01')).toEqual(['end-of-life'])
    expect(codes(bionic, '2024-06-01', '1.1.1-1ubuntu2.1~18.04.23+esm4')).toEqual([])
    expect(codes(bionic, '2024-06-01', '1.0-1', '1.1.1-1ubuntu2.1~18.04.23+esm4')).toEqual([])
    const { reasons, release: ended } = match(inventoryOf([old], bionic), lookup, { today }).coverage
    const last = ended?.extendedUntil?.on ?? ''
    const next = new Date(Date.parse(last) + 86_400_000).toISOString().slice(0, 10)
    expect(codes(bionic, last, '1.1.1-1ubuntu2.1~18.04.23+esm4')).toEqual([])
    expect(codes(bionic, next, '1.1.1-1ubuntu2.1~18.04.23+esm4')).toEqual(['end-of-life'])
    expect(reasons[0]?.message).toMatch(
      /Ubuntu Pro.* goes on until \d{4}-\d\d-\d\d, but no package is known to be of it\.$/,
    )
  })

  it('is not known of a release that nobody knows', () => {
    expect(codes(release('debian', '99', 'Debian GNU/Linux 99'), '2099-01-01')).toEqual([
      'no-advisories-for-release',
    ])
  })
})
