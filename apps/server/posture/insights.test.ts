import { newDisableRuleSchema, type Scope } from '@plimsoll/types'
import pino from 'pino'
import { expect, test } from 'vitest'
import { importKevSnapshot } from '../advisories/threat-lists.ts'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { countFindings } from '../findings/list.ts'
import { recordFindings } from '../findings/record.ts'
import { createRule } from '../rules/create.ts'
import { startRuleKeeper } from '../rules/keeper.ts'
import { listRules } from '../rules/list.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { getRecommendation, listRecommendations } from './recommendation.ts'

const day = 24 * 60 * 60_000

test('each counts the rows that it leads to', async () => {
  const db = openInMemory()
  const start = Date.parse('2024-03-01T00:00:00.000Z')
  let time = start
  const now = (): Date => new Date(time)
  const base = { db, events: createEventBus(), log: pino({ level: 'silent' }), now }
  const rules = startRuleKeeper(base)
  const insights = (scope?: Scope) => getRecommendation(db, scope, now()).insights
  const matches = [1, 2, 3, 4].map(number =>
    madeMatch({ vulnerabilityId: `CVE-2024-000${number}`, patchable: number < 3 }),
  )
  for (const number of [1, 2]) {
    const id = madeOccurrence(db, { registry: `r${number}`, digest: madeDigest(number) })
    recordFindings(db, id, matches.slice(0, number * 2), [], now().toISOString())
  }
  // Nothing is known of attacks before a list was imported, which is not nothing.
  expect(insights()).toEqual({ knownExploited: null, fixable: 4, rulesEnding: 0 })
  await importKev(db, ['CVE-2024-0001', 'CVE-2024-0003'], now())
  expect(insights()).toMatchObject({ knownExploited: 3, fixable: 4 })
  const scope: Scope = { kind: 'registry', ids: ['r2'] }
  expect(listRecommendations(db, { scope, now: now() })[0]?.insights).toEqual({
    knownExploited: 2,
    fixable: 2,
    rulesEnding: 0,
  })

  const tenant = { kind: 'tenant', id: 'tenant' }
  const create = async (cve: string, days: number | null, place = tenant) =>
    await createRule(
      newDisableRuleSchema.parse({
        name: `${cve} ${days}`,
        scope: place,
        criteria: { cves: [cve] },
        reason: 'accepted-risk',
        justification: 'A reason that is long enough.',
        expiresAt: days === null ? null : new Date(start + days * day).toISOString(),
      }),
      { ...base, rules, viewer: { name: 'Ada' } },
    )
  await create('CVE-2024-0001', 3)
  await create('CVE-2024-0002', 14)
  await create('CVE-2024-0002', 15)
  await create('CVE-2024-0004', null)
  // It disables nothing, and nobody would miss it.
  await create('CVE-2024-0009', 3)
  // Of no concern to the other registry.
  await create('CVE-2024-0002', 3, { kind: 'registry', id: 'r1' })
  const expiring = (within?: Scope) =>
    listRules(db, { sort: '-saved', page: 1, size: 200, scope: within }, now()).byStatus.expiring
  expect(insights()).toEqual({ knownExploited: 1, fixable: 0, rulesEnding: 3 })
  expect(insights(scope).rulesEnding).toBe(2)
  for (const days of [0, 1, 3, 12, 14, 15, 30]) {
    time = start + days * day
    await rules.upToDate()
    expect([days, insights(scope).rulesEnding]).toEqual([days, expiring(scope)])
    expect([days, insights()]).toEqual([
      days,
      {
        knownExploited: countFindings(db, { status: 'open', kev: true }),
        fixable: countFindings(db, { status: 'open', fix: 'available' }),
        rulesEnding: expiring(),
      },
    ])
  }
  await rules.stop()
})

async function importKev(db: Db, cves: readonly string[], at: Date): Promise<void> {
  const entries = new Map(
    cves.map(cve => [
      cve,
      { cve, addedOn: '2024-03-01', dueOn: null, ransomware: false, requiredAction: null },
    ]),
  )
  await importKevSnapshot(
    db,
    { asOf: '2024-03-01', rejected: 0, notes: [], entries },
    at,
    async () => undefined,
  )
}
