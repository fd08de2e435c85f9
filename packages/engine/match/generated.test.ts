import type { Distro, InstalledPackage } from '@plimsoll/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { parseOsvRecord } from '../advisories/osv.ts'
import { match } from './match.ts'
import { linesOf } from './testdata/finding-lines.ts'
import { matchNaively, type RawRecord } from './testdata/naive-matcher.ts'
import { bionic, bookworm, installed, installedRpm, inventoryOf, release, today } from './testdata/records.ts'

/** Holds the matcher to the naive one on records and packages that are made up, so that every case meets every other. */
function expectAgreement(
  distro: Distro,
  feed: string,
  records: fc.Arbitrary<RawRecord[]>,
  packages: fc.Arbitrary<InstalledPackage[]>,
) {
  let found = 0
  fc.assert(
    fc.property(records, packages, (all, list) => {
      const lookup = advisoryIndex(all.map(one => parseOsvRecord(one).advisory))
      const ours = linesOf(match(inventoryOf(list, distro), lookup, { today }).findings)
      expect(ours).toEqual(matchNaively(all, feed, list))
      found += ours.length
    }),
    { numRuns: 2000, seed: 5 },
  )
  expect(found).toBeGreaterThan(1000)
}

const name = fc.constantFrom('a', 'b')
const cves = ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003']
const distinct = (record: fc.Arbitrary<RawRecord>) =>
  fc.uniqueArray(record, { maxLength: 4, selector: one => one.id })

describe('the naive matcher agrees on generated records', () => {
  it('with ranges of any shape', () => {
    const version = fc.constantFrom(
      '0',
      '0~1',
      '1',
      '1.0',
      '1.0-1',
      '1.0-1+b1',
      '1:0',
      '1.2~rc1',
      '1.2',
      '2',
      '2.0-1',
      '2.0-10',
    )
    // As the specification has it, a range ends either with `fixed` or with `last_affected`.
    const events = fc
      .tuple(
        fc.constantFrom('fixed', 'last_affected'),
        fc.array(fc.tuple(fc.nat(2), version), { maxLength: 5 }),
      )
      .map(([end, list]) => [
        { introduced: '0' },
        ...list.map(
          ([at, version]): Record<string, string> => ({ [['introduced', end, 'limit'][at] ?? end]: version }),
        ),
      ])
      .chain(list => fc.shuffledSubarray(list, { minLength: 1 }))
      .filter(list => list.some(event => 'introduced' in event))
    const entry = fc.record({
      package: fc.record({ ecosystem: fc.constantFrom('Debian:12', 'Debian:12', 'Debian:11'), name }),
      ranges: fc.array(fc.record({ type: fc.constantFrom('ECOSYSTEM', 'SEMVER'), events }), { maxLength: 3 }),
      versions: fc.array(version, { maxLength: 2 }),
    })
    const record = fc.record({
      id: fc.constantFrom('DSA-1-1', 'DSA-2-1', 'CVE-2024-0001', 'CVE-2024-0002'),
      upstream: fc.subarray(['CVE-2024-0001', 'CVE-2024-0003']),
      affected: fc.array(entry, { maxLength: 3 }),
    })
    const packages = fc.array(
      fc.tuple(name, version).map(([one, at]) => installed(one, at)),
      { maxLength: 4 },
    )
    expectAgreement(bookworm, 'Debian:12', distinct(record), packages)
  })

  it('pitfall 8: of a public channel and a paid one', () => {
    const version = fc.constantFrom('1.0', '1.0+esm1', '1.0+esm2', '1.1', '1.1~esm1', '1.1+esm1', '1.2')
    const events = fc.oneof(
      fc.constant([{ introduced: '0' }]),
      version.map(fixed => [{ introduced: '0' }, { fixed }]),
    )
    const entry = fc.record({
      package: fc.record({ ecosystem: fc.constantFrom('Ubuntu:18.04:LTS', 'Ubuntu:Pro:18.04:LTS'), name }),
      ranges: events.map(one => [{ type: 'ECOSYSTEM', events: one as Record<string, string>[] }]),
    })
    const record = fc
      .record({
        id: fc.constantFrom('UBUNTU-CVE-2024-0001', 'UBUNTU-CVE-2024-0002', 'USN-1-1', 'USN-2-1'),
        upstream: fc.subarray(cves, { minLength: 1 }),
        affected: fc.uniqueArray(entry, {
          maxLength: 4,
          selector: one => `${one.package.ecosystem} ${one.package.name}`,
        }),
      })
      .map(one => ({
        ...one,
        upstream: one.id.startsWith('USN') ? one.upstream : [one.id.replace('UBUNTU-', '')],
      }))
    const packages = fc.array(
      fc.tuple(name, version).map(([one, at]) => installed(one, at)),
      { maxLength: 4 },
    )
    expectAgreement(bionic, 'Ubuntu:18.04:LTS', distinct(record), packages)
  })

  it('pitfall 23 and 24: of modules’ streams and of builds for several minor releases', () => {
    const plain = fc.constantFrom(
      '1.0-1.el8',
      '1.0-1.el8_4',
      '1.0-1.el8_4.1',
      '1.0-1.el8_5',
      '1.0-1.el8_5.1',
      '1.0-2.el8_5',
      '1.1-1.el8',
      '0:1.0-2.el8',
    )
    const modular = fc.constantFrom(
      '1.0-1.module_el8.4.0+10+aaaa',
      '1.0-1.module_el8.5.0+15+bbbb',
      '1.0-1.module_el8.5.0+20+bbbb',
      '1.0-2.module_el8.4.0+30+cccc',
      '1.1-1.module_el8.5.0+40+dddd',
      '1.1-1.module+el8.5.0+50+eeee',
    )
    const recordOf = (version: fc.Arbitrary<string>, summary: fc.Arbitrary<string>) =>
      fc.record({
        id: fc.constantFrom('ALSA-2024:1', 'ALSA-2024:2', 'ALSA-2024:3', 'ALBA-2024:1'),
        summary,
        related: fc.subarray(cves),
        affected: fc.array(
          fc.record({
            package: fc.record({ ecosystem: fc.constant('AlmaLinux:8'), name }),
            ranges: version.map(fixed => [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }]),
          }),
          { minLength: 2, maxLength: 5 },
        ),
      }) as fc.Arbitrary<RawRecord>
    const titles = ['Important: m:1 security update', 'm:1 and m:2 bug fix update', 'm bug fix update']
    const record = fc.oneof(
      recordOf(plain, fc.constant('bash security update')),
      recordOf(modular, fc.constantFrom(...titles)),
    )
    const source = fc.constantFrom('s', 't')
    const one = fc.oneof(
      fc.tuple(name, plain, source, fc.constant(null)),
      fc.tuple(name, modular, source, fc.constantFrom(null, 'm:1', 'm:2', 'm:3')),
    )
    const packages = fc.array(
      one.map(([called, version, sourceName, module]) =>
        installedRpm(called, version, { sourceName, sourceVersion: '1.0-1.el8', module }),
      ),
      { minLength: 2, maxLength: 5 },
    )
    const alma8 = release('almalinux', '8.10', 'AlmaLinux 8.10')
    expectAgreement(alma8, 'AlmaLinux:8', distinct(record), packages)
  })
})
