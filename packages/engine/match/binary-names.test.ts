import { describe, expect, it } from 'vitest'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { defaultMatchLimits, match } from './match.ts'
import {
  affected,
  inFeed,
  installed,
  installedRpm,
  inventoryOf,
  record,
  release,
  today,
} from './testdata/records.ts'

const alma9 = release('almalinux', '9.4', 'AlmaLinux 9.4 (Seafoam Ocelot)')
const inAlma = (name: string, fixed: string) => inFeed('AlmaLinux:9', name, 'introduced 0', `fixed ${fixed}`)
const erratum = (id: string, ...entries: ReturnType<typeof inAlma>[]) =>
  record(id, { upstream: ['CVE-2024-0001'], affected: entries })

function found(packages: Parameters<typeof inventoryOf>[0], ...records: ReturnType<typeof record>[]) {
  return match(inventoryOf(packages, alma9), advisoryIndex(records), { today }).findings
}

describe('a feed that names binary packages', () => {
  const glibc = { sourceName: 'glibc', sourceVersion: '2.34-60.el9' }

  it('is asked for each by its name and version, and a finding holds those that are affected', () => {
    const packages = [
      installedRpm('glibc', '2.34-60.el9', glibc),
      installedRpm('glibc-common', '2.34-60.el9', glibc),
      installedRpm('glibc-devel', '2.34-99.el9', glibc),
      installedRpm('glibc-doc', '2.34-60.el9', glibc),
      installedRpm('glibc', '2.34-60.el9', { ...glibc, arch: 'i686' }),
    ]
    const names = ['glibc', 'glibc-common', 'glibc-devel', 'glibc-all-langpacks']
    const [one, ...more] = found(
      packages,
      erratum('ALSA-1', ...names.map(name => inAlma(name, '2.34-83.el9'))),
    )
    expect(more).toEqual([])
    expect(one).toMatchObject({
      vulnerabilityId: 'CVE-2024-0001',
      feed: 'AlmaLinux:9',
      sourceName: 'glibc',
      sourceVersion: '2.34-60.el9',
      fixState: 'available',
      fixedVersion: '2.34-83.el9',
    })
    expect(one?.packages.map(({ name, arch }) => `${name}.${arch}`)).toEqual([
      'glibc.x86_64',
      'glibc-common.x86_64',
      'glibc.i686',
    ])
    expect(one?.explanations.map(({ packageName, installed: version }) => [packageName, version])).toEqual([
      ['glibc', '2.34-60.el9'],
      ['glibc-common', '2.34-60.el9'],
    ])
  })

  it('says nothing of a source by that name', () => {
    const one = installedRpm('openssl-libs', '3.0.1-1.el9', { sourceName: 'openssl' })
    expect(found([one], erratum('ALSA-1', inAlma('openssl', '3.0.7-1.el9')))).toEqual([])
  })

  it('pitfall 22: compares epochs, which the source’s file name does not have', () => {
    const [one] = found(
      [installedRpm('openssl', '1:3.0.1-1.el9')],
      erratum('ALSA-1', inAlma('openssl', '1:3.0.7-1.el9')),
    )
    expect(one).toMatchObject({ sourceVersion: '3.0.1-1.el9', fixedVersion: '1:3.0.7-1.el9' })
    const none = installedRpm('x', '3.0.7-1.el9')
    expect(found([none], erratum('ALSA-1', inAlma('x', '0:3.0.7-1.el9')))).toEqual([])
    expect(found([none], erratum('ALSA-1', inAlma('x', '1:1.0-1.el9')))).toHaveLength(1)
  })

  it('pitfall 22: speaks of packages of every architecture', () => {
    const record = erratum('ALSA-1', inAlma('x', '2.0-1.el9'))
    for (const arch of ['noarch', 'x86_64', 'aarch64'])
      expect(found([installedRpm('x', '1.0-1.el9', { arch })], record)).toHaveLength(1)
  })

  it('pitfall 30: judges each of several kernels by itself', () => {
    const kernels = ['5.14.0-362.el9', '5.14.0-427.el9', '5.14.0-503.el9'].map(version =>
      installedRpm('kernel-core', version, { sourceName: 'kernel', sourceVersion: version }),
    )
    const findings = found(kernels, erratum('ALSA-1', inAlma('kernel-core', '5.14.0-427.el9')))
    expect(findings.map(one => [one.sourceVersion, one.packages.map(({ version }) => version)])).toEqual([
      ['5.14.0-362.el9', ['5.14.0-362.el9']],
    ])
  })

  it('tells the fix of a package that has versions of its own by that package’s name', () => {
    const nodejs = { sourceName: 'nodejs', sourceVersion: '16.20.1-1.el9' }
    const record = erratum(
      'ALSA-1',
      inAlma('nodejs', '1:16.20.2-1.el9'),
      inAlma('npm', '1:8.19.4-1.16.20.2.1.el9'),
    )
    const npm = installedRpm('npm', '1:8.19.4-1.16.20.1.1.el9', nodejs)
    const both = [installedRpm('nodejs', '1:16.20.1-1.el9', nodejs), npm]
    expect(found([npm], record)[0]?.remediation.summary).toMatch(
      /^Upgrade npm to 1:8\.19\.4-1\.16\.20\.2\.1\.el9 or later/,
    )
    expect(found(both, record)[0]).toMatchObject({ fixedVersion: '1:16.20.2-1.el9' })
    expect(found(both, record)[0]?.remediation.summary).toMatch(
      /^Upgrade nodejs to 1:16\.20\.2-1\.el9 or later/,
    )
  })

  it('leaves a package in doubt in the ledger where another one is affected for certain', () => {
    const source = { sourceName: 'x', sourceVersion: '1.0-1.el9' }
    const packages = [installedRpm('x', '1.0-1.el9', source), installedRpm('x-libs', '1.0_?', source)]
    const record = erratum('ALSA-1', inAlma('x', '2.0-1.el9'), inAlma('x-libs', '2.0-1.el9'))
    const { findings, coverage } = match(inventoryOf(packages, alma9), advisoryIndex([record]), { today })
    expect(findings).toMatchObject([{ state: 'open', packages: [{ name: 'x' }] }])
    expect(coverage.reasons).toMatchObject([{ code: 'version-not-comparable' }])
    expect(coverage.reasons[0]?.message).toContain('x-libs 1.0_?')
  })

  it('pitfall 28: is the vendor’s own, not Red Hat’s', () => {
    const redHat = record('RHSA-1', {
      upstream: ['CVE-2024-0001'],
      affected: [inFeed('Red Hat:enterprise_linux:9::baseos', 'bash', 'introduced 0', 'fixed 9-1.el9')],
    })
    const own = erratum('ALSA-2', inAlma('zlib', '9-1.el9'))
    expect(found([installedRpm('bash', '1-1.el9')], redHat, own)).toEqual([])
  })

  it('keeps within the limits with very many versions of one source’s packages', () => {
    const source = { sourceName: 'x', sourceVersion: '1' }
    const made = Array.from({ length: 20_000 }, (_, at) => installedRpm('x', `1.0-${at}`, source))
    const many = Array.from({ length: 200 }, (_, at) =>
      record(`CVE-2024-${1000 + at}`, { affected: [inAlma('x', '2.0-1.el9')] }),
    )
    const { findings, coverage } = match(inventoryOf(made, alma9), advisoryIndex(many), {
      today,
      limits: { ...defaultMatchLimits, maxFindingChars: 20e6 },
    })
    expect(findings).toEqual([])
    expect(coverage.reasons).toMatchObject([{ code: 'limit-entries' }])
  })
})

describe('several feeds of a release', () => {
  const rhel9 = release('rhel', '9.4', 'Red Hat Enterprise Linux 9.4 (Plow)')
  const [baseos, appstream] = ['Red Hat:enterprise_linux:9::baseos', 'Red Hat:enterprise_linux:9::appstream']
  const inRepository = (feed: string, name: string) => inFeed(feed, name, 'introduced 0', 'fixed 2.0-1.el9')

  it('are all asked, and findings are shown under the first', () => {
    const packages = [installedRpm('bash', '1.0-1.el9'), installedRpm('nginx', '1.0-1.el9')]
    const lookup = advisoryIndex([
      record('RHSA-1', { upstream: ['CVE-2024-0001'], affected: [inRepository(baseos, 'bash')] }),
      record('RHSA-2', { upstream: ['CVE-2024-0002'], affected: [inRepository(appstream, 'nginx')] }),
    ])
    const { findings, coverage } = match(inventoryOf(packages, rhel9), lookup, { today })
    expect(findings.map(one => [one.vulnerabilityId, one.feed, one.explanations[0]?.feed])).toEqual([
      ['CVE-2024-0001', baseos, baseos],
      ['CVE-2024-0002', baseos, appstream],
    ])
    expect(coverage).toMatchObject({ status: 'complete', reasons: [] })
    expect(coverage.feeds.map(({ feed, advisories }) => [feed, advisories])).toEqual([
      [baseos, 1],
      [appstream, 1],
    ])
  })

  it('that name one package give one finding', () => {
    const one = record('RHSA-1', {
      upstream: ['CVE-2024-0001'],
      affected: [inRepository(baseos, 'bash'), inRepository(appstream, 'bash')],
    })
    const { findings } = match(
      inventoryOf([installedRpm('bash', '1.0-1.el9')], rhel9),
      advisoryIndex([one]),
      { today },
    )
    expect(findings).toMatchObject([{ fixedVersion: '2.0-1.el9', packages: [{ name: 'bash' }] }])
  })

  it('are beside Debian’s not asked', () => {
    const one = record('CVE-2024-0001', { affected: [affected('bash'), inRepository(baseos, 'bash')] })
    const { coverage } = match(inventoryOf([installed('bash', '1.0-1')]), advisoryIndex([one]), { today })
    expect(coverage.feeds.map(({ feed }) => feed)).toEqual(['Debian:12'])
  })
})

describe('a feed that names source packages or binary ones', () => {
  const rocky9 = release('rocky', '9.4', 'Rocky Linux 9.4 (Blue Onyx)')
  const openssl = { sourceName: 'openssl', sourceVersion: '1:3.0.7-24.el9' }
  const libs = installedRpm('openssl-libs', '1:3.0.7-24.el9', openssl)
  const main = installedRpm('openssl', '1:3.0.7-24.el9', openssl)
  const erratumOf = (...names: string[]) =>
    record('RLSA-1', {
      upstream: ['CVE-2024-0001'],
      affected: names.map(name => inFeed('Rocky Linux:9', name, 'introduced 0', 'fixed 1:3.0.7-27.el9')),
    })
  const packagesFound = (installedHere: Parameters<typeof inventoryOf>[0], ...names: string[]) =>
    match(inventoryOf(installedHere, rocky9), advisoryIndex([erratumOf(...names)]), {
      today,
    }).findings.map(({ packages }) => packages.map(({ name }) => name))

  it('finds what goes by the name of its source alone', () => {
    expect(packagesFound([libs], 'openssl')).toEqual([['openssl-libs']])
    expect(packagesFound([libs, main], 'openssl')).toEqual([['openssl-libs', 'openssl']])
  })

  it('finds what it names by its own name, once', () => {
    expect(packagesFound([libs, main], 'openssl', 'openssl-libs')).toEqual([['openssl-libs', 'openssl']])
    expect(packagesFound([libs], 'openssl-libs')).toEqual([['openssl-libs']])
    expect(packagesFound([libs], 'openssl-devel')).toEqual([])
  })

  it('pitfall 22: does not judge what is named like its source by the version of that, which may lack the epoch', () => {
    const more = { sourceName: 'openssl', sourceVersion: '3.0.7-27.el9' }
    expect(packagesFound([installedRpm('openssl', '1:3.0.7-27.el9', more)], 'openssl')).toEqual([])
  })
})
