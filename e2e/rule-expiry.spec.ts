import { type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test'
import { type Api, until } from '../apps/server/testdata/server-process.ts'
import { anImage, type Shown, shownBy, startFleet } from './rig/fleet.ts'
import type { PlimsollServer } from './rig/plimsoll-server.ts'
import { enterAsAda } from './rig/steps.ts'

/** A rule comes to its end before the eyes of who has pages open: by the clock of the machine, and without a reload. */

let plimsoll: PlimsollServer
let context: BrowserContext
let api: Api
let before: Shown
/** An open finding that the rule disables. */
let findingId: string

test.beforeAll(async ({ browser }) => {
  plimsoll = await startFleet()
  context = await browser.newContext()
  api = await enterAsAda(context, plimsoll)
  before = await shownBy(api)
  const { rows } = await api.findings.list.query({ filter: { registryId: 'registry-1' } })
  findingId = rows[0]?.id ?? ''
})
test.afterAll(async () => {
  await context.close()
  await plimsoll.stop()
})

const all = { registry: 330, ofRule: 30 }
const rule = (name: string) => ({
  name,
  scope: { kind: 'registry' as const, id: 'registry-1' },
  criteria: { packages: ['*'] },
  reason: 'accepted-risk' as const,
  justification: 'It is torn down this year.',
})

/** Gives a rule an end that is about to come. @returns resolves when it has come. */
async function endSoon(id: string, name: string): Promise<() => Promise<unknown>> {
  const end = Date.now() + 3000
  await api.rules.change.mutate({ id, ...rule(name), expiresAt: new Date(end).toISOString() })
  return () => until('the rule has come to its end', () => Date.now() >= end)
}

/** Opens a page that is never loaded again. */
async function open(path: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(plimsoll.url + path)
  page.on('load', () => {
    throw new Error(`${path} was loaded again`)
  })
  return page
}

const fact = (page: Page, term: string): Locator =>
  page.getByRole('term').filter({ hasText: term }).locator('+ dd')
const score = (page: Page): Locator => page.getByRole('region', { name: 'Secure score', exact: true })

test('by the clock', async () => {
  const name = 'Ends by the clock'
  const { registry, repository, digest } = anImage
  const overview = await open('/')
  const list = await open('/findings?reg=registry-1')
  const finding = await open(`/findings/${findingId}`)
  const image = await open(`/registries/${registry}/images/${digest}?repo=${encodeURIComponent(repository)}`)
  await expect(score(overview)).toContainText('2 of 6 points')
  await expect(list.getByRole('row')).toHaveCount(1 + all.ofRule)
  await expect(image.getByRole('tab', { name: 'Findings (3)', exact: true })).toBeVisible()
  const events = finding.getByRole('region', { name: 'Timeline' }).getByRole('listitem')
  await expect(events).toHaveCount(1)

  const { id } = await api.rules.create.mutate(rule(name))
  await expect(score(overview)).toContainText('4 of 6 points')
  await expect(list.getByText('No finding matches these filters')).toBeVisible()
  await expect(image.getByRole('tab', { name: 'Disabled findings (3)' })).toBeVisible()
  await expect(finding.getByText('Disabled by', { exact: true })).toBeVisible()

  await endSoon(id, name)
  await expect(score(overview)).toContainText('2 of 6 points')
  await expect(overview.getByRole('link', { name: `Disable rule “${name}” expired` })).toBeVisible()
  await expect(list.getByRole('row')).toHaveCount(1 + all.ofRule)
  await expect(image.getByRole('tab', { name: 'Findings (3)', exact: true })).toBeVisible()
  await expect(image.getByRole('tab', { name: 'Disabled findings (0)' })).toBeVisible()
  await expect(events).toContainText([
    'First seen',
    `Disabled by ${name}`,
    `Still disabled, by the changed ${name}`,
    `Re-opened: ${name} expired`,
  ])
  await expect(finding.getByText('Disabled by', { exact: true })).toHaveCount(0)
  expect(await shownBy(api)).toEqual(before)
  await Promise.all([overview, list, finding, image].map(page => page.close()))
})

test('while the machine sleeps: the first answer after that knows it', async () => {
  const name = 'Ends in the sleep'
  const { id } = await api.rules.create.mutate(rule(name))
  const recommendation = await open('/recommendations/container-images')
  const rulePage = await open(`/rules/${id}`)
  await expect(recommendation.getByRole('link', { name: '300 in total' })).toBeVisible()
  await expect(fact(rulePage, 'Disables now')).toHaveText('30 findings')

  const itsEnd = await endSoon(id, name)
  const wake = plimsoll.sleep()
  try {
    await itsEnd()
    const first = api.findings.list.query({ filter: { registryId: 'registry-1' } })
    wake()
    expect(await first).toMatchObject({ total: all.ofRule, disabledTotal: 0 })
  } finally {
    wake()
  }
  await expect(recommendation.getByRole('link', { name: '330 in total' })).toBeVisible()
  await expect(fact(rulePage, 'Status')).toHaveText('Expired')
  await expect(fact(rulePage, 'Disables now')).toHaveText('nothing')
  await expect(rulePage.getByRole('table', { name: 'History' }).getByRole('row').nth(1)).toContainText(
    'Expired',
  )
  await expect(rulePage.getByRole('link', { name: 'Renew rule' })).toBeVisible()
  expect(await shownBy(api)).toEqual(before)
  await Promise.all([recommendation, rulePage].map(page => page.close()))
})

test('while the server is down: pages find it out when they reach it again', async () => {
  const name = 'Ends while it is down'
  const { id } = await api.rules.create.mutate(rule(name))
  const registries = await open('/registries')
  const rules = await open('/rules')
  const registry = registries.getByRole('row').filter({ hasText: 'registry-1' })
  const row = rules.getByRole('row').filter({ hasText: name })
  await expect(registry).toContainText('Healthy')
  await expect(row).toContainText('Active')

  const itsEnd = await endSoon(id, name)
  await plimsoll.end()
  await itsEnd()
  await plimsoll.start()
  expect(await shownBy(api)).toEqual(before)
  await expect(registry).toContainText('Unhealthy')
  await expect(row).toContainText('Expired')
  await expect(row).toContainText('nothing')
})
