import {
  type DisableRule,
  defaultRuleDays,
  minEndlessNote as minNote,
  newDisableRuleSchema,
  severitySchema,
} from '@plimsoll/types'
import { expect, test } from 'vitest'
import { defaultDays, endOfDay, lastDayOf, minEndlessNote } from './expiry.ts'
import { draftOfRule, emptyDraft, keptSeverities, nameOf, previewedRule, readDraft } from './rule-draft.ts'

const now = Date.parse('2026-11-28T09:00:00.000Z')
const draft = emptyDraft(now)
const filled = {
  ...draft,
  cves: 'CVE-2024-1',
  reason: 'accepted-risk' as const,
  justification: 'Not reachable.',
}

test('a draft without any criterion says so, and cannot be previewed', () => {
  for (const name of [null, 'Mine']) {
    expect(readDraft({ ...filled, cves: '', name }, now)).toMatchObject({
      problems: { criteria: expect.stringContaining('at least one criterion') },
    })
  }
  expect(previewedRule(draft)).toBeNull()
})

test('any criterion alone makes a rule, also that no attack is known', () => {
  for (const criterion of [{ kev: false }, { kev: true }, { notPatchable: true }, { epssBelow: '0.1' }]) {
    const read = readDraft({ ...filled, cves: '', ...criterion }, now)
    expect(
      newDisableRuleSchema.safeParse('rule' in read && read.rule).success,
      JSON.stringify(criterion),
    ).toBe(true)
  }
  const rule = { name: 'Mine', scope: { kind: 'tenant', id: 'tenant' }, criteria: { notPatchable: false } }
  expect(newDisableRuleSchema.safeParse(rule).success).toBe(false)
})

test('texts become the rule, with a name suggested from them', () => {
  const read = readDraft(
    {
      ...filled,
      cves: 'CVE-2024-1; cve-2024-2\nCVE-2024-1',
      securityChecks: 'update for sudo',
      cvssBelow: '4,5',
      severityBelow: 'Medium',
      notPatchable: true,
      packages: 'lib*',
      ecosystems: 'deb',
      distributions: 'Debian:12',
      epssBelow: '1 %',
      kev: false,
      repository: ' shop/* ',
      justification: ' Not reachable. ',
    },
    now,
  )
  expect(read).toEqual({
    rule: {
      name: expect.stringMatching(
        /^Disable CVE-2024-1, CVE-2024-2 or security check "update for sudo" or .{90,}…$/,
      ),
      scope: { kind: 'tenant', id: 'tenant', repository: 'shop/*', tag: null, digest: null },
      match: 'any',
      criteria: {
        ids: [],
        cves: ['CVE-2024-1', 'CVE-2024-2'],
        categories: [],
        securityChecks: ['update for sudo'],
        cvssBelow: 4.5,
        severityBelow: 'Medium',
        notPatchable: true,
        packages: ['lib*'],
        ecosystems: ['deb'],
        distributions: ['Debian:12'],
        epssBelow: 0.01,
        kev: false,
      },
      overrides: false,
      untilFixed: false,
      reason: 'accepted-risk',
      justification: 'Not reachable.',
      owner: '',
      expiresAt: '2027-02-27T00:00:00.000Z',
    },
  })
  expect(newDisableRuleSchema.parse('rule' in read && read.rule)).toEqual('rule' in read && read.rule)
})

test('name, reason and note are asked for at their fields', () => {
  expect(nameOf({ ...filled, name: 'Mine' })).toBe('Mine')
  expect(readDraft({ ...filled, name: '  ', reason: null, justification: '' }, now)).toEqual({
    problems: { name: expect.any(String), reason: expect.any(String), justification: expect.any(String) },
  })
})

test.each([
  ['name', 200],
  ['justification', 4000],
] as const)('a %s may be as long as the schema lets it', (field, most) => {
  const named = { ...filled, name: 'Mine' }
  const read = readDraft({ ...named, [field]: 'x'.repeat(most) }, now)
  expect(newDisableRuleSchema.safeParse('rule' in read && read.rule).success).toBe(true)
  const longer = { ...named, [field]: 'x'.repeat(most + 1) }
  expect(
    newDisableRuleSchema.safeParse({ ...('rule' in read && read.rule), [field]: longer[field] }).success,
  ).toBe(false)
  expect(readDraft(longer, now)).toEqual({ problems: { [field]: expect.stringContaining(String(most)) } })
})

test('each field says what is wrong with it', () => {
  const wrong = { ...filled, cvssBelow: 'high', epssBelow: '2', ids: 'x'.repeat(501), digest: 'sha256:1' }
  expect(readDraft(wrong, now)).toEqual({
    problems: {
      ids: expect.stringContaining('longer than 500'),
      cvssBelow: expect.stringContaining('up to 10'),
      epssBelow: expect.stringContaining('up to 1,'),
      digest: expect.stringContaining('sha256'),
    },
  })
  expect(previewedRule(wrong)).toBeNull()
})

test('a rule ends with its last day, unless it has no end and says at more length why', () => {
  expect(readDraft({ ...filled, lastDay: '2026-11-28' }, now)).toMatchObject({
    rule: { expiresAt: '2026-11-29T00:00:00.000Z' },
  })
  for (const lastDay of ['2026-11-27', '', '2026-13-01']) {
    expect(readDraft({ ...filled, lastDay }, now)).toEqual({ problems: { lastDay: expect.any(String) } })
  }
  const endless = { ...filled, lastDay: '', endless: true }
  expect(readDraft(endless, now)).toEqual({ problems: { justification: expect.stringContaining('20') } })
  expect(readDraft({ ...endless, justification: 'x'.repeat(minEndlessNote) }, now)).toMatchObject({
    rule: { expiresAt: null },
  })
  expect(lastDayOf(endOfDay('2026-12-31') ?? '')).toBe('2026-12-31')
})

test('a preview is of criteria and scope alone, so that it is not asked anew for the rest', () => {
  const first = previewedRule({ ...filled, cves: 'CVE-2024-1' })
  expect(first).not.toBeNull()
  expect(previewedRule({ ...filled, name: 'Mine', justification: 'y', endless: true, owner: 'z' })).toEqual(
    first,
  )
  expect(previewedRule({ ...filled, tag: '1.*' })).not.toEqual(first)
  expect(newDisableRuleSchema.parse(first)).toEqual(first)
})

test('a rule is shown as it was saved, and one that has expired begins anew', () => {
  const read = readDraft({ ...filled, tag: '1.*', epssBelow: '0.05', kev: true, owner: 'Web' }, now)
  const saved = {
    ...('rule' in read ? read.rule : null),
    expiresAt: '2027-01-15T12:34:56.000Z',
  } as DisableRule
  expect(readDraft(draftOfRule(saved, now), now)).toEqual({ rule: saved })
  const later = Date.parse('2027-03-01T00:00:00.000Z')
  expect(readDraft(draftOfRule(saved, later), later)).toEqual({
    rule: { ...saved, expiresAt: '2027-05-31T00:00:00.000Z' },
  })
})

test('severities, days and lengths are those of the schema', () => {
  expect([...keptSeverities]).toEqual(severitySchema.exclude(['Low', 'Unknown']).options)
  expect(defaultDays).toBe(defaultRuleDays)
  expect(minEndlessNote).toBe(minNote)
})
