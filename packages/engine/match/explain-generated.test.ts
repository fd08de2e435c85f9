import type { Distro, InstalledPackage } from '@plimsoll/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { parseOsvRecord } from '../advisories/osv.ts'
import { explain } from './explain.ts'
import { match } from './match.ts'
import { bionic, installed, installedRpm, inventoryOf, release, today } from './testdata/records.ts'

/**
 * Of every id that the records have, and of every one that is found: what is said is what was found, by the same
 * records about the same packages; and what was not found is said to be nothing of the kind.
 */
function expectAgreement(
  distro: Distro,
  records: fc.Arbitrary<Record<string, unknown>[]>,
  packages: fc.Arbitrary<InstalledPackage[]>,
) {
  const counts = { open: 0, undetermined: 0, silent: 0 }
  fc.assert(
    fc.property(records, packages, (all, list) => {
      const advisories = advisoryIndex(all.map(one => parseOsvRecord(one).advisory))
      const inventory = inventoryOf(list, distro)
      const { findings } = match(inventory, advisories, { today })
      const ids = new Set([...all.flatMap(idsIn), ...findings.map(one => one.vulnerabilityId)])
      for (const asked of ids) {
        const answer = explain({ inventory, advisories, findings, asked, today })
        const withoutFindings = explain({ inventory, advisories, asked, today })
        expect(withoutFindings).toEqual(answer)
        const groups = groupsOf(asked, all, advisories)
        const found = findings.filter(({ vulnerabilityId }) => groups.has(vulnerabilityId))
        const open = found.filter(({ state }) => state === 'open')
        const said = (outcome: string) =>
          answer.steps
            .filter(step => step.outcome === outcome)
            .map(step => `${step.advisoryId} ${step.packageName}`)
        const compared = open.flatMap(({ explanations }) =>
          explanations.map(one => `${one.advisoryId} ${one.packageName}`),
        )
        expect(new Set(said('reported'))).toEqual(new Set(compared))
        const [state] = open.length > 0 ? ['open'] : found.length > 0 ? ['undetermined'] : ['silent']
        const expected = { open: /^(reported|folded)$/, undetermined: /^undetermined$/ }
        const pattern = state === 'silent' ? /^(?!reported|folded|undetermined)/ : expected[state as 'open']
        expect(answer.outcome).toMatch(pattern)
        counts[state as 'open'] += 1
      }
    }),
    { numRuns: 1500, seed: 7 },
  )
  return counts
}

const idsIn = ({ id, aliases, upstream, related }: Record<string, unknown>): string[] =>
  [id, aliases, upstream, related].flat().filter(one => typeof one === 'string')

/** The vulnerabilities that an id is a name of or, of a notice, is about. */
function groupsOf(
  asked: string,
  records: readonly Record<string, unknown>[],
  advisories: ReturnType<typeof advisoryIndex>,
): ReadonlySet<string> {
  const all = records.flatMap(one => {
    const { advisory } = parseOsvRecord(one)
    return advisory.withdrawnAt === null ? advisories.vulnerabilities(advisory) : []
  })
  const named = all.filter(({ ids }) => ids.includes(asked))
  const own = records.find(({ id }) => id === asked)
  const groups =
    named.length > 0 || own === undefined ? named : advisories.vulnerabilities(parseOsvRecord(own).advisory)
  return new Set(groups.map(({ canonical }) => canonical))
}

const name = fc.constantFrom('a', 'b')
const cves = ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003']
const distinct = (record: fc.Arbitrary<Record<string, unknown>>) =>
  fc.uniqueArray(record, { maxLength: 4, selector: one => one['id'] })
const withdrawn = fc.constantFrom({}, {}, {}, { withdrawn: '2024-01-01T00:00:00Z' })

describe('what is explained is what was matched', () => {
  it('of notices, aliases and a paid channel', () => {
    const version = fc.constantFrom('1.0', '1.0+esm1', '1.1', '1.1~esm1', '1.1+esm1', '1.2', 'no version')
    const end = fc.constantFrom('fixed', 'last_affected')
    const events = fc.oneof(
      fc.constant([{ introduced: '0' }]),
      fc.tuple(end, version).map(([kind, bound]) => [{ introduced: '0' }, { [kind]: bound }]),
      fc.tuple(version, version).map(([introduced, fixed]) => [{ introduced }, { fixed }]),
    )
    const about = fc.oneof(
      fc.constant({}),
      fc.subarray(cves).map(list => ({ database_specific: { cves_map: { cves: list } } })),
    )
    const ecosystem = fc.constantFrom('Ubuntu:18.04:LTS', 'Ubuntu:Pro:18.04:LTS', 'Ubuntu:20.04:LTS')
    const entry = fc
      .tuple(ecosystem, name, events, fc.array(version, { maxLength: 1 }), about)
      .map(([feed, called, list, versions, more]) => ({
        package: { ecosystem: feed, name: called },
        ranges: [{ type: 'ECOSYSTEM', events: list }],
        versions,
        ...more,
      }))
    const record = fc
      .record({
        id: fc.constantFrom('UBUNTU-CVE-2024-0001', 'UBUNTU-CVE-2024-0002', 'USN-1-1', 'USN-2-1', 'TEMP-1'),
        upstream: fc.subarray([...cves, 'UBUNTU-CVE-2024-0001']),
        aliases: fc.subarray(['TEMP-1', 'TEMP-2', 'CVE-2024-0003']),
        affected: fc.array(entry, { maxLength: 4 }),
        more: withdrawn,
      })
      .map(({ more, ...one }) => ({ ...one, ...more }))
    const packages = fc.array(
      fc
        .tuple(name, version, fc.constantFrom('', '', 'somebody else'))
        .map(([called, at, vendor]) => installed(called, at, { vendor })),
      { maxLength: 4 },
    )
    const counts = expectAgreement(bionic, distinct(record), packages)
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(100)
  })

  it('of modules, builds and binary packages', () => {
    const version = fc.constantFrom(
      '1.0-1.el8',
      '1.0-1.el8_4.1',
      '1.0-2.el8_5',
      '1.0-1.module_el8.4.0+10+aaaa',
      '1.0-2.module_el8.5.0+20+bbbb',
    )
    const entry = fc.tuple(name, version).map(([called, fixed]) => ({
      package: { ecosystem: 'Rocky Linux:8', name: called },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
    }))
    const record = fc
      .record({
        id: fc.constantFrom('RLSA-2024:1', 'RLSA-2024:2', 'RLSA-2024:3', 'RLBA-2024:1'),
        summary: fc.constantFrom('Important: m:1 security update', 'm:1 and m:2 update', 'bash update'),
        related: fc.subarray(cves),
        affected: fc.array(entry, { minLength: 1, maxLength: 5 }),
        more: withdrawn,
      })
      .map(({ more, ...one }) => ({ ...one, ...more }))
    const packages = fc.array(
      fc
        .tuple(name, version, fc.constantFrom('a', 'c'), fc.constantFrom(null, 'm:1', 'm:3'))
        .map(([called, at, sourceName, module]) =>
          installedRpm(called, at, { sourceName, module: at.includes('module') ? module : null }),
        ),
      { minLength: 1, maxLength: 5 },
    )
    const rocky = release('rocky', '8.9', 'Rocky Linux 8.9')
    const counts = expectAgreement(rocky, distinct(record), packages)
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(100)
  })
})
