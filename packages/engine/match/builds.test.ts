import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { explain } from './explain.ts'
import { match } from './match.ts'
import { inFeed, installed, installedRpm, inventoryOf, record, release, today } from './testdata/records.ts'

const alma8 = release('almalinux', '8.10', 'AlmaLinux 8.10 (Cerulean Leopard)')

/** A record of AlmaLinux 8 that lists several builds of a package as fixed. */
const listing = (id: string, name: string, ...fixes: string[]) =>
  record(id, {
    upstream: ['CVE-2024-0001'],
    affected: fixes.map(fixed => inFeed('AlmaLinux:8', name, 'introduced 0', `fixed ${fixed}`)),
  })

function isFound(name: string, version: string, ...records: ReturnType<typeof record>[]): boolean {
  const inventory = inventoryOf([installedRpm(name, version)], alma8)
  const { findings } = match(inventory, advisoryIndex(records), { today })
  return findings.length > 0
}

describe('pitfall 24: several builds of one record', () => {
  // ALSA-2021:4517 of AlmaLinux 8, in this order.
  const vim = listing('ALSA-2021:4517', 'vim-common', '2:8.0.1763-16.el8_5.13', '2:8.0.1763-16.el8')

  it.each([
    ['2:8.0.1763-15.el8', true],
    ['2:8.0.1763-16.el8', false],
    ['2:8.0.1763-16.el8_5.4', false],
    ['2:8.0.1763-16.el8_5.13', false],
    ['2:8.0.1763-19.el8_6.4', false],
  ])('of one source: from the lowest on it is fixed, so that %s is affected: %s', (version, expected) => {
    expect(isFound('vim-common', version, vim)).toBe(expected)
  })

  // ALSA-2022:2074 of AlmaLinux 8, the only record there that lists builds of two sources.
  const samba = listing('ALSA-2022:2074', 'libwbclient-devel', '4.15.5-8.el8_6', '4.15.5-5.el8')

  it.each([
    ['4.15.5-4.el8', true],
    ['4.15.5-5.el8', false],
    ['4.15.5-8.el8_6', false],
    // Of the minor release that has a build of its own, and before it.
    ['4.15.5-6.el8_6', true],
    // Of another one: all of them have to be reached.
    ['4.15.5-6.el8_7', true],
    ['4.15.5-9.el8_7', false],
  ])('of two sources: its own line counts, so that %s is affected: %s', (version, expected) => {
    expect(isFound('libwbclient-devel', version, samba)).toBe(expected)
  })

  it.each([
    ['1.2-3.el8_4', true],
    ['1.2-3.el8_4.1', false],
    ['1.2-3.el8_4.2', false],
    ['1.2-4.el8', true],
    ['1.2-4.el8_6', true],
    ['1.2-5.el8_6.1', false],
  ])(
    'of two channels: a channel’s fix counts in that channel alone, so that %s is affected: %s',
    (version, expected) => {
      expect(isFound('x', version, listing('ALSA-1', 'x', '1.2-3.el8_4.1', '1.2-5.el8_6'))).toBe(expected)
    },
  )

  it.each([
    ['1.2-3.el8_4', true],
    ['1.2-3.el8_4.1', false],
    // Above the other minor release's fix, and without it.
    ['1.2-3.el8_5', true],
    ['1.2-3.el8_5.1', false],
    ['1.2-3.el8_6', false],
  ])(
    'of one source, updated in two minor releases: its own one’s counts, so that %s is affected: %s',
    (version, expected) => {
      expect(isFound('x', version, listing('ALSA-1', 'x', '1.2-3.el8_4.1', '1.2-3.el8_5.1'))).toBe(expected)
    },
  )

  // Respins of one source in a module have the same content, in whatever minor release: ALBA-2019:0973.
  it.each([
    ['1.2-3.module_el8.4.0+2400+aaaaaaaa', true],
    ['1.2-3.module_el8.4.0+2496+12421f43', false],
    ['1.2-3.module_el8.5.0+100+aaaaaaaa', false],
    ['1.2-3.module_el8.6.0+1+aaaaaaaa', false],
  ])(
    'of one source in a module: from the lowest on it is fixed, so that %s is in doubt: %s',
    (version, expected) => {
      const fixes = ['1.2-3.module_el8.5.0+119+9a9ec082', '1.2-3.module_el8.4.0+2496+12421f43']
      expect(isFound('x', version, listing('ALBA-1', 'x', ...fixes))).toBe(expected)
    },
  )

  it('stand beside an entry without a fix, which counts as well', () => {
    const unfixed = record('ALSA-1', {
      upstream: ['CVE-2024-0001'],
      affected: [
        inFeed('AlmaLinux:8', 'x', 'introduced 0', 'fixed 1.2-3.el8'),
        inFeed('AlmaLinux:8', 'x', 'introduced 0'),
      ],
    })
    expect(isFound('x', '1.2-4.el8', unfixed)).toBe(true)
  })

  it('stand beside an entry that lists versions, which counts as well', () => {
    const lists = record('ALSA-1', {
      upstream: ['CVE-2024-0001'],
      affected: [
        inFeed('AlmaLinux:8', 'x', 'introduced 0', 'fixed 1.2-3.el8'),
        { ...inFeed('AlmaLinux:8', 'x', 'introduced 0', 'fixed 1.2-3.el8_5'), versions: ['1.2-4.el8'] },
      ],
    })
    expect(isFound('x', '1.2-4.el8', lists)).toBe(true)
    expect(isFound('x', '1.2-5.el8', lists)).toBe(false)
  })

  it('does not depend on their order, and a version that is listed is fixed', () => {
    const version = fc
      .tuple(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('el8', 'el8_4', 'el8_5.2'),
      )
      .map(([a, b, tag]) => `1.${a}-${b}.${tag}`)
    fc.assert(
      fc.property(fc.uniqueArray(version, { minLength: 1, maxLength: 4 }), version, (fixes, one) => {
        const found = isFound('x', one, listing('ALSA-1', 'x', ...fixes))
        expect(isFound('x', one, listing('ALSA-1', 'x', ...fixes.toReversed()))).toBe(found)
        if (fixes.includes(one)) expect(found).toBe(false)
      }),
    )
  })

  it('means the highest of them elsewhere', () => {
    const alpine = release('alpine', '3.12.0', 'Alpine Linux v3.12')
    const xen = record('ALPINE-CVE-2021-28706', {
      affected: ['4.13.4-r2', '4.13.4-r3'].map(fixed =>
        inFeed('Alpine:v3.12', 'xen', 'introduced 0', `fixed ${fixed}`),
      ),
    })
    const found = (version: string) =>
      match(inventoryOf([installed('xen', version, { ecosystem: 'apk' })], alpine), advisoryIndex([xen]), {
        today,
      }).findings.map(one => one.fixedVersion)
    expect(found('4.13.4-r2')).toEqual(['4.13.4-r3'])
    expect(found('4.13.4-r3')).toEqual([])
  })
})

describe('pitfall 24: several records about one vulnerability', () => {
  // ALSA-2024:1782 and ALSA-2024:3271 of AlmaLinux 8, which both name CVE-2023-4408.
  const bind = [
    listing('ALSA-2024:1782', 'bind', '32:9.11.36-11.el8_9.1'),
    listing('ALSA-2024:3271', 'bind', '32:9.11.36-14.el8_10'),
  ]

  it.each([
    ['32:9.11.36-11.el8_9', true],
    ['32:9.11.36-11.el8_9.1', false],
    ['32:9.11.36-12.el8_9', false],
    ['32:9.11.36-13.el8_10', true],
    ['32:9.11.36-14.el8_10', false],
    ['32:9.11.36-12.el8', true],
  ])('are those about its own minor release, so that %s is affected: %s', (version, expected) => {
    expect(isFound('bind', version, ...bind)).toBe(expected)
    expect(isFound('bind', version, ...bind.toReversed())).toBe(expected)
  })

  it('of one minor release all count: the second mended the first', () => {
    const twice = [listing('ALSA-1', 'x', '1.0-1.el8_8'), listing('ALSA-2', 'x', '1.0-3.el8_8')]
    expect(isFound('x', '1.0-1.el8_8', ...twice)).toBe(true)
    expect(isFound('x', '1.0-3.el8_8', ...twice)).toBe(false)
  })

  it('are told apart where a vulnerability is asked for', () => {
    const inventory = inventoryOf([installedRpm('bind', '32:9.11.36-11.el8_9.1')], alma8)
    const { outcome, steps } = explain({
      inventory,
      advisories: advisoryIndex(bind),
      asked: 'CVE-2024-0001',
      today,
    })
    expect(outcome).toBe('outside-range')
    expect(steps.map(({ advisoryId, sentence }) => [advisoryId, sentence])).toEqual([
      ['ALSA-2024:1782', 'bind 32:9.11.36-11.el8_9.1 is not below 32:9.11.36-11.el8_9.1, so it is fixed.'],
      [
        'ALSA-2024:3271',
        'In another minor release it is fixed in 32:9.11.36-14.el8_10; bind 32:9.11.36-11.el8_9.1 is not from there, and where it is from, it is fixed.',
      ],
    ])
  })
})
