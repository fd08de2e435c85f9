import { describe, expect, it } from 'vitest'
import type { CveFacts } from '../advisories/advisory.ts'
import { cvssOf } from '../advisories/cvss.ts'
import { rate } from './severity.ts'
import { affected, record } from './testdata/records.ts'

const critical = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
const high30 = 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'
const medium40 = 'CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N'
const ten20 = 'AV:N/AC:L/Au:N/C:C/I:C/A:C'

function rated(
  severity: Record<string, unknown>[],
  facts: string[] = [],
  more: Record<string, unknown> = {},
) {
  const advisory = record('CVE-2024-0001', {
    severity,
    affected: [affected('openssl', ['introduced 0'], more)],
  })
  const cve: CveFacts = {
    id: 'CVE-2024-0001',
    publishedAt: null,
    description: null,
    cvss: facts.flatMap(vector => cvssOf(vector, 'NVD') ?? []),
  }
  return rate([{ advisory, entries: advisory.affected }], cve, 'Debian')
}

const v3 = (score: string) => ({ type: 'CVSS_V3', score })
const word = (score: string) => ({ type: 'Ubuntu', score })

describe('the severity of a finding', () => {
  it.each([
    ['critical', 'Critical'],
    ['high', 'High'],
    ['medium', 'Medium'],
    ['low', 'Low'],
    ['negligible', 'Low'],
  ])('pitfall 6: is the vendor’s word first: %s is %s', (said, severity) => {
    const { severity: read, source, cvssV3BaseScore } = rated([v3(critical), word(said)])
    expect([read, source, cvssV3BaseScore]).toEqual([severity, 'Ubuntu', 9.8])
  })

  it('passes over words that say nothing', () => {
    expect(rated([word('untriaged'), v3(high30)])).toMatchObject({
      severity: 'High',
      source: 'CVSS 3.0 (Debian)',
    })
    expect(rated([word('untriaged')])).toMatchObject({ severity: 'Unknown', source: null })
  })

  it('is Debian’s urgency where the record has one', () => {
    expect(rated([v3(critical)], [], { ecosystem_specific: { urgency: 'low' } })).toMatchObject({
      severity: 'Low',
      source: 'Debian',
    })
    expect(rated([v3(critical)], [], { ecosystem_specific: { urgency: 'not yet assigned' } })).toMatchObject({
      severity: 'Critical',
    })
  })

  it('is the worst word where several records speak', () => {
    const speak = (id: string, score: string) => record(id, { severity: [word(score)] })
    const records = [speak('A-1', 'low'), speak('A-2', 'high'), speak('A-3', 'medium')]
    const judged = records.flatMap(advisory => [{ advisory, entries: advisory.affected }])
    expect(rate(judged, null, 'Debian').severity).toBe('High')
  })

  it('is else the CVSS of the record, else that of the CVE', () => {
    expect(rated([v3(high30)], [critical])).toMatchObject({ severity: 'High', source: 'CVSS 3.0 (Debian)' })
    expect(rated([], [critical])).toMatchObject({ severity: 'Critical', source: 'CVSS 3.1 (NVD)' })
  })

  it('is the CVE’s own before that of a notice about several, whose vector is the worst one’s', () => {
    const notice = record('RHSA-2024:1', {
      upstream: ['CVE-2024-0001', 'CVE-2024-0002'],
      severity: [v3(critical)],
    })
    const cve = (...vectors: string[]): CveFacts => ({
      id: 'CVE-2024-0001',
      publishedAt: null,
      description: null,
      cvss: vectors.flatMap(vector => cvssOf(vector, 'NVD') ?? []),
    })
    const of = (facts: CveFacts) => rate([{ advisory: notice, entries: notice.affected }], facts, 'Red Hat')
    expect(of(cve(high30))).toMatchObject({
      severity: 'High',
      source: 'CVSS 3.0 (NVD)',
      cvssV3BaseScore: 7.5,
    })
    expect(of(cve(high30)).cvss.map(({ vector }) => vector)).toEqual([high30, critical])
    expect(of(cve())).toMatchObject({ severity: 'Critical', cvssV3BaseScore: 9.8 })
  })

  it('prefers CVSS 3.1, then 3.0, 4.0 and 2.0', () => {
    const order = rated([], [ten20, medium40, high30, critical]).cvss.map(({ version }) => version)
    expect(order).toEqual(['3.1', '3.0', '4.0', '2.0'])
    expect(rated([], [ten20, medium40])).toMatchObject({ severity: 'Medium', cvssV3BaseScore: null })
    expect(rated([], [ten20])).toMatchObject({
      severity: 'Critical',
      source: 'CVSS 2.0 (NVD)',
      cvssV3BaseScore: null,
    })
  })

  it('has the version 3 score that rules compare with, wherever it comes from', () => {
    expect(rated([{ type: 'CVSS_V4', score: medium40 }], [high30])).toMatchObject({
      severity: 'Medium',
      source: 'CVSS 4.0 (Debian)',
      cvssV3BaseScore: 7.5,
    })
  })

  it('pitfall 6: has every vendor’s word beside CVSS, each once and with what it stands for', () => {
    const speak = (id: string, type: string, score: string, urgency: string) =>
      record(id, {
        severity: [{ type, score }],
        affected: [affected('openssl', ['introduced 0'], { ecosystem_specific: { urgency } })],
      })
    const records = [
      speak('A-1', 'Ubuntu', 'medium', 'not yet assigned'),
      speak('A-2', 'Red Hat', 'Important', 'unimportant'),
      speak('A-3', 'Ubuntu', 'medium', 'end-of-life'),
    ]
    const judged = records.map(advisory => ({ advisory, entries: advisory.affected }))
    const { severity, source, vendors } = rate(judged, null, 'Debian')
    expect([severity, source]).toEqual(['High', 'Red Hat'])
    expect(vendors).toEqual([
      { source: 'Red Hat', word: 'important', severity: 'High' },
      { source: 'Ubuntu', word: 'medium', severity: 'Medium' },
      { source: 'Debian', word: 'unimportant', severity: 'Low' },
      { source: 'Debian', word: 'not yet assigned', severity: 'Unknown' },
    ])
  })

  it('takes no word for one of an object’s own', () => {
    for (const said of ['constructor', '__proto__', 'toString']) {
      expect(rated([word(said)])).toMatchObject({ severity: 'Unknown', source: null })
    }
  })

  it('lists a vector once, as the record’s', () => {
    expect(rated([v3(critical)], [critical]).cvss).toMatchObject([{ vector: critical, source: 'Debian' }])
  })

  it('pitfall 7: is Unknown when nobody says anything', () => {
    expect(rated([])).toEqual({
      severity: 'Unknown',
      source: null,
      vendors: [],
      cvss: [],
      cvssV3BaseScore: null,
    })
  })
})
