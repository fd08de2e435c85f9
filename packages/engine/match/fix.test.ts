import { describe, expect, it } from 'vitest'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { match } from './match.ts'
import {
  affected,
  bionic,
  findingsOf,
  inFeed,
  installed,
  inventoryOf,
  record,
  today,
} from './testdata/records.ts'

const old = installed('openssl', '1.0-1')

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

  it('pitfall 4: is what the vendor says of it', () => {
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

  it('pitfall 8: needs a paid channel where only that one has it', () => {
    const advisory = record('UBUNTU-CVE-2024-0001', {
      upstream: ['CVE-2024-0001'],
      affected: [
        inFeed('Ubuntu:18.04:LTS', 'openssl', 'introduced 0'),
        inFeed('Ubuntu:Pro:18.04:LTS', 'openssl', 'introduced 0', 'fixed 1.0-1ubuntu1+esm2'),
        inFeed('Ubuntu:Pro:16.04:LTS', 'openssl', 'introduced 0', 'fixed 9.0-1'),
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
  ])('pitfall 8: of the paid channel is there in %s, or not', (version, expected) => {
    const paid = inFeed('Ubuntu:Pro:18.04:LTS', 'openssl', 'introduced 0', 'fixed 1.0-1ubuntu1+esm2')
    const open = inFeed('Ubuntu:18.04:LTS', 'openssl', 'introduced 0')
    const advisory = record('UBUNTU-CVE-2024-0001', { upstream: ['CVE-2024-0001'], affected: [open, paid] })
    const inventory = inventoryOf([installed('openssl', version)], bionic)
    const { findings } = match(inventory, advisoryIndex([advisory]), { today })
    expect(findings.map(one => one.vulnerabilityId)).toEqual(expected)
  })

  /** Findings of Ubuntu 18.04 with openssl in this version. */
  function inBionic(version: string, ...entries: ReturnType<typeof inFeed>[]) {
    const advisory = record('UBUNTU-CVE-2024-0001', { upstream: ['CVE-2024-0001'], affected: entries })
    return match(inventoryOf([installed('openssl', version)], bionic), advisoryIndex([advisory]), { today })
  }
  const publicly = (...events: string[]) => inFeed('Ubuntu:18.04:LTS', 'openssl', 'introduced 0', ...events)
  const inPro = (...events: string[]) => inFeed('Ubuntu:Pro:18.04:LTS', 'openssl', 'introduced 0', ...events)

  it('pitfall 8: needs the paid channel where the public one has forgotten the release', () => {
    // UBUNTU-CVE-2023-5678 of openssl: 18.04 stands there as Ubuntu:Pro:18.04:LTS only.
    const { findings, coverage } = inBionic(
      '1.1.1-1ubuntu2.1~18.04.23',
      inPro('fixed 1.1.1-1ubuntu2.1~18.04.23+esm4'),
    )
    expect(findings).toMatchObject([
      {
        feed: 'Ubuntu:18.04:LTS',
        fixState: 'needs-paid-channel',
        fixedVersion: '1.1.1-1ubuntu2.1~18.04.23+esm4',
        explanations: [{ feed: 'Ubuntu:Pro:18.04:LTS' }],
      },
    ])
    expect(coverage.reasons.map(({ code }) => code)).toEqual(['end-of-life', 'no-advisories-for-release'])
  })

  it('pitfall 9: is not known where the paid channel has yet to look, and it is open', () => {
    const other = publicly('fixed 9.0-1')
    const elsewhere = { ...other, package: { ...other.package, name: 'bash' } }
    expect(inBionic('1.0-1', elsewhere, inPro()).findings).toMatchObject([
      { state: 'open', fixState: 'none' },
    ])
  })

  it.each([
    ['1.0-1', 'fixed in public is fixed, whatever the paid channel adds', []],
    ['1.0-1+esm1', 'of the paid channel is held to its fix', ['needs-paid-channel 1.0-1+esm2']],
    ['1.0-1+esm2', 'of the paid channel with its fix is fixed', []],
    ['0.9-1', 'below both needs no paid channel', ['available 1.0-1']],
  ])('pitfall 8: %s, %s', (version, _, expected) => {
    const { findings } = inBionic(version, publicly('fixed 1.0-1'), inPro('fixed 1.0-1+esm2'))
    expect(findings.map(one => `${one.fixState} ${one.fixedVersion}`)).toEqual(expected)
  })

  it('of the public channel is asked for where the paid one knows nothing of the package', () => {
    const advisory = record('UBUNTU-CVE-2024-0001', {
      affected: [inFeed('Ubuntu:18.04:LTS', 'openssl', 'introduced 0')],
    })
    const installedPaid = installed('openssl', '1.0-1ubuntu1+esm1')
    expect(
      match(inventoryOf([installedPaid], bionic), advisoryIndex([advisory]), { today }).findings,
    ).toHaveLength(1)
  })
})
