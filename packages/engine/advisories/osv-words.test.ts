import { describe, expect, it } from 'vitest'
import { parseOsvRecord } from './osv.ts'

const affected = (ecosystem: string, more: Record<string, unknown> = {}) => ({
  package: { ecosystem, name: 'bash' },
  ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
  ...more,
})

/** What a record of Debian says of a package, in the fields given. */
const said = (more: Record<string, unknown>) => {
  const [entry] = parseOsvRecord({ id: 'X-1', affected: [affected('Debian:12', more)] }).advisory.affected
  return [entry?.urgency, entry?.fixNote]
}

const word = (id: string, ecosystem: string, more: Record<string, unknown>) =>
  parseOsvRecord({ id, affected: [affected(ecosystem)], ...more }).advisory.vendorSeverity

describe('words of a record', () => {
  it('pitfall 5 and 6: say how urgent it is, and that it is unimportant', () => {
    expect(said({ ecosystem_specific: { urgency: 'Unimportant' } })).toEqual(['unimportant', null])
    expect(said({ ecosystem_specific: { urgency: 'not yet assigned' } })).toEqual(['not yet assigned', null])
    expect(said({ ecosystem_specific: { urgency: 'low**' } })).toEqual(['low', null])
    expect(said({ database_specific: { urgency: 'low' } })).toEqual(['low', null])
    expect(said({ ecosystem_specific: { ubuntu_priority: 'medium' } })).toEqual(['medium', null])
    expect(said({})).toEqual([null, null])
    expect(said({ ecosystem_specific: [], database_specific: 'x' })).toEqual([null, null])
  })

  it.each([
    [{ urgency: 'end-of-life' }, 'will-not-fix'],
    [{ fix_state: 'will-not-fix' }, 'will-not-fix'],
    [{ fix_state: 'Will not fix' }, 'will-not-fix'],
    [{ fix_state: 'Out of support scope' }, 'will-not-fix'],
    [{ status: 'ignored' }, 'will-not-fix'],
    [{ status: 'Fix deferred' }, 'deferred'],
    [{ status: 'deferred' }, 'deferred'],
    [{ status: 'postponed' }, 'deferred'],
    [{ status: 'no-dsa' }, null],
    [{ status: 'undetermined' }, null],
    [{ status: 'needed' }, null],
    [{ fix_state: 'Affected' }, null],
    [{ status: 'not ignored' }, null],
  ])('pitfall 4: say whether a fix will come: %j', (words, note) => {
    expect(said({ ecosystem_specific: words })[1]).toBe(note)
    expect(said({ database_specific: words })[1]).toBe(note)
  })

  it.each([
    [
      'UBUNTU-CVE-2024-1',
      'Ubuntu:22.04:LTS',
      { severity: [{ type: 'Ubuntu', score: 'Medium' }] },
      ['Ubuntu', 'medium'],
    ],
    [
      'RHSA-2024:1',
      'Red Hat:enterprise_linux:9::baseos',
      { summary: 'Red Hat Security Advisory: bash security update' },
      null,
    ],
    [
      'ALSA-2024:1',
      'AlmaLinux:9',
      { summary: 'Important: bash security update' },
      ['AlmaLinux', 'important'],
    ],
    [
      'ALSA-2022:5468',
      'AlmaLinux:8',
      { summary: 'ALSA-2022:5468: php:8.0 security update (Important)' },
      ['AlmaLinux', 'important'],
    ],
    ['RLSA-2022:1', 'Rocky Linux:9', { summary: 'nodejs (Moderate)' }, ['Rocky Linux', 'moderate']],
    [
      'RLSA-2022:1',
      'Rocky Linux:9',
      { summary: 'x', database_specific: { severity: 'Low' } },
      ['Rocky Linux', 'low'],
    ],
    [
      'ELSA-2024-1',
      'Oracle Linux:9',
      { summary: 'bash security update (IMPORTANT)' },
      ['Oracle Linux', 'important'],
    ],
    [
      'SUSE-SU-2024:1-1',
      'SUSE:Linux Enterprise Server 15 SP5',
      { database_specific: { severity: 'moderate' } },
      ['SUSE', 'moderate'],
    ],
    ['AZL-1', 'Azure Linux:3', { database_specific: { severity: 'Critical' } }, ['Azure Linux', 'critical']],
    ['GHSA-a', 'npm', { database_specific: { severity: 'MODERATE' } }, ['GitHub', 'moderate']],
    ['X-1', 'Debian:12', { summary: 'Important: a title, and no notice’s' }, null],
    ['X-1', 'Debian:12', { database_specific: { severity: 'CVSS:3.1/AV:N' } }, null],
    ['X-1', 'Debian:12', { database_specific: { severity: 7 } }, null],
    ['ALPINE-CVE-2024-1', 'Alpine:v3.19', {}, null],
  ])('say how bad it is, where the vendor does: %s of %s %j', (id, ecosystem, more, expected) => {
    const [vendor, said] = expected ?? []
    expect(word(id, ecosystem, more)).toEqual(expected === null ? null : { vendor, word: said })
  })

  it('a severity of the vendor’s own comes before any other word of his', () => {
    const severity = [{ type: 'Ubuntu', score: 'low' }]
    expect(
      word('USN-1-1', 'Ubuntu:22.04:LTS', { severity, database_specific: { severity: 'high' } }),
    ).toEqual({
      vendor: 'Ubuntu',
      word: 'low',
    })
  })

  it('pitfall 8: Ubuntu’s paid and certified channels are feeds of their own', () => {
    const feeds = ['Ubuntu:22.04:LTS', 'Ubuntu:Pro:18.04:LTS', 'Ubuntu:Pro:FIPS-updates:22.04:LTS']
    const { advisory } = parseOsvRecord({ id: 'X-1', affected: feeds.map(feed => affected(feed)) })
    expect(advisory.affected.map(({ feed }) => feed)).toEqual(feeds)
  })
})
