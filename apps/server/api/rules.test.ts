import { newDisableRuleSchema } from '@plimsoll/types'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordFindings } from '../findings/record.ts'
import { registerDemonstration } from '../intake/demonstration.ts'
import { startApp, type TestApp } from '../testdata/app.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'

let app: TestApp
let cookie = ''
beforeAll(async () => {
  app = await startApp()
  const at = '2024-03-01T00:00:00.000Z'
  registerDemonstration(app.db, at)
  const image = madeOccurrence(app.db, { digest: madeDigest(1) })
  recordFindings(app.db, image, [madeMatch(), madeMatch({ vulnerabilityId: 'CVE-2024-0002' })], [], at)
  const entered = await post('session.viewAs', { role: 'Security Admin' })
  cookie = entered.headers
    .getSetCookie()
    .map(set => set.split(';')[0])
    .join('; ')
})
afterAll(async () => await app.stop())

const post = async (procedure: string, input: unknown): Promise<Response> =>
  await fetch(`${app.url}/api/trpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: app.url, cookie },
    body: JSON.stringify(input),
  })
const open = async (): Promise<unknown> => {
  const input = encodeURIComponent(JSON.stringify({ filter: {} }))
  const response = await fetch(`${app.url}/api/trpc/findings.list?input=${input}`, { headers: { cookie } })
  return ((await response.json()) as { result: { data: { total: number } } }).result.data.total
}

const scope = { kind: 'tenant', id: 'tenant' }

test('a rule as long as rules may be is previewed, and says what it would do', async () => {
  const securityChecks = Array.from({ length: 200 }, (_, number) => `check ${number} `.padEnd(500, 'x'))
  const rule = { name: 'Long', scope, criteria: { securityChecks, cves: ['CVE-2024-0001'] } }
  const response = await post('rules.preview', { id: null, rule })
  expect(await response.json()).toMatchObject({
    result: {
      data: { disables: 1, openTotal: 2, sample: [{ vulnerabilityId: 'CVE-2024-0001' }], overridden: [] },
    },
  })
})

test('whoever asks after a rule has come to its end is answered without it', async () => {
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const rule = newDisableRuleSchema.parse({
    name: 'Short',
    scope,
    criteria: { cves: ['CVE-2024-0001'] },
    expiresAt,
  })
  expect((await post('rules.create', rule)).status).toBe(200)
  expect(await open()).toBe(1)
  app.passTime(60_000)
  expect(await open()).toBe(2)
})
