import { type Distro, explainAnswerSchema, type InstalledPackage, type Inventory } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import type { Advisory } from '../advisories/advisory.ts'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { explain } from './explain.ts'
import { match } from './match.ts'
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

const old = installed('libssl3', '1.0-1+b1', { sourceName: 'openssl', sourceVersion: '1.0-1' })

/** What is said of `asked` in an image of these packages, with these records. */
function said(
  asked: string,
  packages: readonly InstalledPackage[],
  records: readonly Advisory[],
  more: { distro?: Distro | null; coverage?: Partial<Inventory['coverage']>; today?: string } = {},
) {
  const { distro = bookworm, coverage = {} } = more
  const inventory = inventoryOf(packages, distro, coverage)
  const answer = explain({ inventory, advisories: advisoryIndex(records), asked, today: more.today ?? today })
  expect(explainAnswerSchema.parse(answer)).toEqual(answer)
  return answer
}

describe('a vulnerability that is reported', () => {
  it('goes by its own id, in whatever case it is asked for', () => {
    const advisories = advisoryIndex([record('DEBIAN-CVE-2024-0001', { upstream: ['CVE-2024-0001'] })])
    const inventory = inventoryOf([old])
    expect(explain({ inventory, advisories, layers: [], asked: 'cve-2024-0001', today }).sentence).toBe(
      'CVE-2024-0001 is reported. openssl 1.0-1 is below 2.0-1, so it is affected.',
    )
  })

  it('is explained by advisory, range, operands, comparator, file, layer and instruction', () => {
    const layer = `sha256:${'a'.repeat(64)}`
    const inventory = inventoryOf([{ ...old, layer }])
    const advisories = advisoryIndex([record('DEBIAN-CVE-2024-0001', { upstream: ['CVE-2024-0001'] })])
    const layers = [{ diffId: layer, createdBy: 'RUN apt-get install -y libssl3' }]
    expect(explain({ inventory, advisories, layers, asked: 'CVE-2024-0001', today })).toEqual({
      asked: 'CVE-2024-0001',
      vulnerabilityId: 'CVE-2024-0001',
      aliases: ['DEBIAN-CVE-2024-0001'],
      outcome: 'reported',
      sentence: 'CVE-2024-0001 is reported. openssl 1.0-1 is below 2.0-1, so it is affected.',
      steps: [
        {
          advisoryId: 'DEBIAN-CVE-2024-0001',
          outcome: 'reported',
          sentence: 'openssl 1.0-1 is below 2.0-1, so it is affected.',
          feed: 'Debian:12',
          packageName: 'openssl',
          comparisons: [
            {
              advisoryId: 'DEBIAN-CVE-2024-0001',
              feed: 'Debian:12',
              packageName: 'openssl',
              module: null,
              comparator: 'deb',
              installed: '1.0-1',
              introduced: '0',
              fixed: '2.0-1',
              lastAffected: null,
              listed: false,
            },
          ],
          path: 'var/lib/dpkg/status',
          layer,
          instruction: 'RUN apt-get install -y libssl3',
        },
      ],
      stepsTotal: 1,
    })
  })

  it.each([
    [['introduced 0'], [], 'openssl 1.0-1 is affected, and the advisory names no version with a fix.'],
    [
      ['introduced 0', 'last_affected 1.0-2'],
      [],
      'openssl 1.0-1 is not above 1.0-2, the last affected version, so it is affected.',
    ],
    [[], ['1.0-1'], 'openssl 1.0-1 is among the versions that the advisory lists, so it is affected.'],
  ])('by %j and %j is told so', (events, versions, sentence) => {
    const advisory = record('CVE-2024-0001', { affected: [affected('openssl', events, { versions })] })
    const { outcome, steps } = said('CVE-2024-0001', [old], [advisory])
    expect([outcome, steps[0]?.sentence]).toEqual(['reported', sentence])
  })

  it('under another id is folded into that', () => {
    const records = [record('DSA-1-1', { upstream: ['CVE-2024-0001'] })]
    const { outcome, vulnerabilityId, sentence } = said('DSA-1-1', [old], records)
    expect([outcome, vulnerabilityId]).toEqual(['folded', 'CVE-2024-0001'])
    expect(sentence).toBe(
      'DSA-1-1 is reported as CVE-2024-0001. openssl 1.0-1 is below 2.0-1, so it is affected.',
    )
  })

  it('of a notice about several answers for the notice', () => {
    const notice = record('DSA-1-1', { upstream: ['CVE-2024-0001', 'CVE-2024-0002'] })
    const { outcome, vulnerabilityId, steps } = said('DSA-1-1', [old], [notice])
    expect([outcome, vulnerabilityId]).toEqual(['folded', 'CVE-2024-0001'])
    expect(steps).toHaveLength(2)
  })

  it('is found in whatever case it is asked for', () => {
    const { outcome, asked } = said(' cve-2024-0001 ', [old], [record('CVE-2024-0001')])
    expect([outcome, asked]).toEqual(['reported', 'cve-2024-0001'])
  })

  it('though it is not among the findings given was not matched', () => {
    const advisories = advisoryIndex([record('CVE-2024-0001')])
    const about = { inventory: inventoryOf([old]), advisories, asked: 'CVE-2024-0001', today }
    const { findings } = match(about.inventory, advisories, { today })
    expect(explain({ ...about, findings }).outcome).toBe('reported')
    const without = explain({ ...about, findings: [] })
    expect(without.outcome).toBe('not-judged')
    expect(without.sentence).toContain('It is not among the findings')
  })
})

describe('a vulnerability that is not reported', () => {
  it('may be fixed, or not there yet, in the installed version', () => {
    const fixed = installed('openssl', '2.0-1')
    expect(said('CVE-2024-0001', [fixed], [record('CVE-2024-0001')])).toMatchObject({
      outcome: 'outside-range',
      sentence: 'CVE-2024-0001 is not reported. openssl 2.0-1 is not below 2.0-1, so it is fixed.',
      steps: [{ comparisons: [{ installed: '2.0-1', fixed: '2.0-1' }], path: 'var/lib/dpkg/status' }],
    })
    const sentences = [
      ['introduced 1.5', 'fixed 2.0-1'],
      ['introduced 0', 'last_affected 0.9'],
      ['introduced 0', 'fixed 0'],
    ].map(events => {
      const advisory = record('CVE-2024-0001', { affected: [affected('openssl', events)] })
      return said('CVE-2024-0001', [old], [advisory]).steps[0]?.sentence
    })
    expect(sentences).toEqual([
      'openssl 1.0-1 is below 1.5, the first affected version.',
      'openssl 1.0-1 is above 0.9, the last affected version.',
      'The advisory says that openssl never was affected.',
    ])
  })

  it('may be one of what is not installed', () => {
    expect(said('CVE-2024-0001', [installed('bash', '1.0-1')], [record('CVE-2024-0001')])).toMatchObject({
      outcome: 'not-installed',
      sentence: 'CVE-2024-0001 is not reported. openssl is not installed.',
      steps: [{ path: null, comparisons: [] }],
    })
    const many = record('CVE-2024-0001', { affected: ['a', 'b', 'c', 'd', 'e'].map(name => affected(name)) })
    expect(said('CVE-2024-0001', [old], [many]).steps[0]?.sentence).toBe(
      'None of the packages it names is installed: a, b, c and 2 more.',
    )
  })

  it('is not said to be absent where not all was read', () => {
    const message = 'var/lib/dpkg/status could not be read in full.'
    const coverage = {
      status: 'partial' as const,
      reasons: [{ code: 'database-unreadable' as const, message }],
    }
    const answer = said('CVE-2024-0001', [installed('bash', '1.0-1')], [record('CVE-2024-0001')], {
      coverage,
    })
    expect(answer.outcome).toBe('not-judged')
    expect(answer.sentence).toContain(message)
  })

  it('may be known of other releases only', () => {
    const elsewhere = record('CVE-2024-0001', {
      affected: [
        inFeed('Debian:11', 'openssl', 'introduced 0'),
        inFeed('Ubuntu:22.04:LTS', 'openssl', 'introduced 0'),
      ],
    })
    const { outcome, sentence } = said('CVE-2024-0001', [old], [elsewhere, record('CVE-2024-0002')])
    expect(outcome).toBe('other-release')
    expect(sentence).toBe(
      'CVE-2024-0001 is not reported. It is about Debian 11, Ubuntu 22.04 LTS, and this image is Debian GNU/Linux 12 (bookworm).',
    )
  })

  it('may have been withdrawn', () => {
    const records = [record('DSA-1-1', { upstream: ['CVE-2024-0001'], withdrawn: '2024-03-02T00:00:00Z' })]
    const answer = said('CVE-2024-0001', [old], [...records, record('CVE-2024-0002')])
    expect(answer).toMatchObject({ outcome: 'withdrawn', stepsTotal: 1 })
    expect(answer.sentence).toBe('CVE-2024-0001 is not reported. DSA-1-1 was withdrawn on 2024-03-02.')
    const other = record('DSA-2-1', { upstream: ['CVE-2024-0001'] })
    expect(said('CVE-2024-0001', [old], [...records, other])).toMatchObject({
      outcome: 'reported',
      steps: [{ advisoryId: 'DSA-2-1' }, { advisoryId: 'DSA-1-1', outcome: 'withdrawn' }],
    })
  })

  it('may be of a package that is a third party’s', () => {
    const docker = installed('docker-ce', '5:24.0.1-1~debian.12~bookworm', {
      vendor: 'Docker <support@docker.com>',
    })
    const advisory = record('CVE-2024-0001', { affected: [affected('docker-ce', ['introduced 0'])] })
    const answer = said('CVE-2024-0001', [docker], [advisory])
    expect(answer.outcome).toBe('third-party')
    expect(answer.sentence).toContain('docker-ce 5:24.0.1-1~debian.12~bookworm is from Docker')
    expect(answer.steps[0]?.path).toBe('var/lib/dpkg/status')
  })

  it('is not said to be absent where very many others are third parties’ as well', () => {
    const vendor = 'docker.com'
    const others = Array.from({ length: 1500 }, (_, at) => installed(`other-${at}`, '1.0-1', { vendor }))
    const packages = [...others, installed('openssl', '1.0-1', { vendor })]
    expect(said('CVE-2024-0001', packages, [record('CVE-2024-0001')]).outcome).toBe('third-party')
  })

  it('was not judged of a binary package either', () => {
    const records = [
      record('ALSA-2024:1', {
        upstream: ['CVE-2024-0001'],
        affected: [inFeed('AlmaLinux:8', 'openssl-libs', 'introduced 0', 'fixed 2.0-1.el8')],
      }),
    ]
    const libs = installedRpm('openssl-libs', '1.0-1.el9', { sourceName: 'openssl' })
    const { outcome, steps } = said('CVE-2024-0001', [libs], records, { distro: release('almalinux', '9.4') })
    expect([outcome, steps[0]?.packageName]).toEqual(['not-judged', 'openssl-libs'])
  })

  it('was not judged where there is no feed, and is not claimed to be absent', () => {
    const kali = { id: 'kali', versionId: '2024.1', idLike: ['debian'], prettyName: 'Kali GNU/Linux Rolling' }
    for (const distro of [null, kali, { ...bookworm, versionId: '11' }]) {
      const answer = said('CVE-2024-0001', [old], [record('CVE-2024-0001')], { distro })
      expect(answer.outcome).toBe('not-judged')
      expect(answer.steps[0]).toMatchObject({ packageName: 'openssl', path: 'var/lib/dpkg/status' })
      expect(answer.sentence).toContain('were not judged')
    }
    const bash = installed('bash', '1.0-1')
    expect(said('CVE-2024-0001', [bash], [record('CVE-2024-0001')], { distro: kali }).outcome).toBe(
      'not-installed',
    )
  })

  it('was not judged in what cannot be assessed', () => {
    const message = 'It is an image of Windows.'
    const coverage = {
      status: 'not-applicable' as const,
      reasons: [{ code: 'windows-image' as const, message }],
    }
    const answer = said('CVE-2024-0001', [], [record('CVE-2024-0001')], { coverage, distro: null })
    expect([answer.outcome, answer.sentence]).toEqual([
      'not-judged',
      `CVE-2024-0001 was not judged in this image. ${message}`,
    ])
  })

  it('may be one that nobody knows', () => {
    expect(said('CVE-2024-9999', [old], [record('CVE-2024-0001')])).toEqual({
      asked: 'CVE-2024-9999',
      vulnerabilityId: null,
      aliases: [],
      outcome: 'unknown',
      sentence: 'No advisory at hand names CVE-2024-9999.',
      steps: [],
      stepsTotal: 0,
    })
    const late = said('CVE-2034-9999', [old], [record('CVE-2024-0001')], { today: '2034-01-01' })
    expect(late.sentence).toMatch(
      /^No advisory at hand names CVE-2034-9999\. Free security updates of Debian 12 \(bookworm\) ended on /,
    )
  })
})

describe('a vulnerability in doubt', () => {
  it('says what could not be compared', () => {
    const { outcome, sentence } = said(
      'CVE-2024-0001',
      [installed('openssl', 'x_y')],
      [record('CVE-2024-0001')],
    )
    expect(outcome).toBe('undetermined')
    expect(sentence).toMatch(
      /^Whether CVE-2024-0001 concerns this image could not be determined\. openssl x_y could not be compared: "x_y" is/,
    )
  })
})

describe('a record in doubt', () => {
  it('is said to be in doubt beside one that is certain', () => {
    const unclear = record('DSA-2-1', {
      upstream: ['CVE-2024-0001'],
      affected: [affected('openssl', ['introduced 0', 'fixed x_y'])],
    })
    const { outcome, steps } = said('CVE-2024-0001', [old], [record('CVE-2024-0001'), unclear])
    expect(outcome).toBe('reported')
    expect(steps.map(({ advisoryId, outcome: one, sentence }) => [advisoryId, one, sentence])).toEqual([
      ['CVE-2024-0001', 'reported', 'openssl 1.0-1 is below 2.0-1, so it is affected.'],
      ['DSA-2-1', 'undetermined', expect.stringMatching(/^openssl 1\.0-1 could not be compared: "x_y" is/)],
    ])
  })
})

describe('what an advisory says of another channel', () => {
  it('names the channel where there are minor releases as well', () => {
    const records = [
      record('SUSE-SU-2024:1-1', {
        upstream: ['CVE-2024-0001'],
        affected: [inFeed('SUSE:Linux Enterprise Server 15 SP3', 'bash', 'introduced 0', 'fixed 1.0-1')],
      }),
      record('SUSE-SU-2024:2-1', {
        upstream: ['CVE-2024-0001'],
        affected: [inFeed('SUSE:Linux Enterprise Server 15 SP3-LTSS', 'bash', 'introduced 0', 'fixed 1.0-2')],
      }),
    ]
    const distro = release('sles', '15.3', 'SUSE Linux Enterprise Server 15 SP3')
    const { steps } = said('CVE-2024-0001', [installedRpm('bash', '1.0-1')], records, { distro })
    expect(steps.map(({ sentence }) => sentence)).toEqual([
      'bash 1.0-1 is not below 1.0-1, so it is fixed.',
      'In SUSE Linux Enterprise Server 15 SP3-LTSS it is fixed in 1.0-2; bash 1.0-1 is not from there, and where it is from, it is fixed.',
    ])
  })

  it('is told not to count', () => {
    const records = [
      record('UBUNTU-CVE-2024-0001', {
        upstream: ['CVE-2024-0001'],
        affected: [
          inFeed('Ubuntu:18.04:LTS', 'openssl', 'introduced 0', 'fixed 1.0-1'),
          inFeed('Ubuntu:Pro:18.04:LTS', 'openssl', 'introduced 0', 'fixed 1.0-1ubuntu1+esm1'),
        ],
      }),
    ]
    const answer = said('CVE-2024-0001', [installed('openssl', '1.0-1')], records, { distro: bionic })
    expect(answer.outcome).toBe('outside-range')
    expect(answer.steps.map(({ feed, sentence }) => [feed, sentence])).toEqual([
      ['Ubuntu:18.04:LTS', 'openssl 1.0-1 is not below 1.0-1, so it is fixed.'],
      [
        'Ubuntu:Pro:18.04:LTS',
        'In Ubuntu Pro 18.04 LTS it is fixed in 1.0-1ubuntu1+esm1; openssl 1.0-1 is not from there, and where it is from, it is fixed.',
      ],
    ])
  })
})

describe('an answer', () => {
  it('shows the first hundred steps and counts the rest', () => {
    const made = Array.from({ length: 250 }, (_, at) => installed('openssl', `1.0-${at}`))
    const { steps, stepsTotal } = said('CVE-2024-0001', made, [record('CVE-2024-0001')])
    expect([steps.length, stepsTotal]).toEqual([100, 250])
  })

  it('is worked out in time for a notice about very many vulnerabilities', () => {
    const upstream = Array.from({ length: 20_000 }, (_, at) => `CVE-2024-${10_000 + at}`)
    const started = performance.now()
    const { outcome, stepsTotal } = said('DSA-1-1', [old], [record('DSA-1-1', { upstream })])
    expect([outcome, stepsTotal]).toEqual(['folded', upstream.length])
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('is worked out in time for an image made to take for ever', () => {
    const records = Array.from({ length: 300 }, (_, at) =>
      record(`DSA-${at}-1`, {
        upstream: ['CVE-2024-0001'],
        affected: Array.from({ length: 50 }, (_, other) => affected(`openssl${other === 0 ? '' : other}`)),
      }),
    )
    const made = Array.from({ length: 20_000 }, (_, at) => installed('openssl', `1.0-${at}`))
    const { outcome, steps, stepsTotal } = said('CVE-2024-0001', made, records)
    expect([outcome, steps.length]).toEqual(['reported', 100])
    expect(stepsTotal).toBeLessThan(110_000)
    const others = made.map(one => ({ ...one, vendor: 'Somebody' }))
    expect(said('CVE-2024-0001', others, records).outcome).toBe('third-party')
  })
})
