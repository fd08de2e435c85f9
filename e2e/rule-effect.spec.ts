import { expect, type Page, test } from '@playwright/test'
import type { Api } from '../apps/server/testdata/server-process.ts'
import { countingRows, miscounted } from './rig/counting-links.ts'
import { type Shown, shownBy, startFleet } from './rig/fleet.ts'
import type { PlimsollServer } from './rig/plimsoll-server.ts'
import { enterAsAda } from './rig/steps.ts'

/** What rules do is seen on every page: each number is what the API counts, and leads to as many rows. */

let plimsoll: PlimsollServer
let page: Page
let api: Api
const errors: string[] = []

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  plimsoll = await startFleet()
  const context = await browser.newContext()
  api = await enterAsAda(context, plimsoll)
  page = await context.newPage()
  page.on('console', message => message.type() === 'error' && errors.push(message.text()))
})
test.afterAll(async () => {
  await page.context().close()
  await plimsoll.stop()
})

const why = { reason: 'accepted-risk', justification: 'It is torn down this year.' } as const
const days = (count: number): string => new Date(Date.now() + count * 24 * 60 * 60_000).toISOString()
const ofRegistry = {
  name: 'All of registry-1',
  scope: { kind: 'registry' as const, id: 'registry-1' },
  criteria: { packages: ['*'] },
  ...why,
}
const belowHigh = {
  name: 'Below High',
  scope: { kind: 'tenant', id: 'tenant' },
  criteria: { severityBelow: 'High' },
  expiresAt: days(100),
  ...why,
} as const

/** Without a rule, and with that of the registry alone. */
let before: Shown
let first: Shown

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

const score = () => page.getByRole('region', { name: 'Secure score', exact: true })
const main = () => page.getByRole('main')
const link = (name: string | RegExp) => main().getByRole('link', { name, exact: true })
const table = (name: string) => main().getByRole('table', { name })
const row = (text: string | RegExp) => main().getByRole('row').filter({ hasText: text })
const arrivesAt = (heading: string | RegExp) =>
  expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()

async function fromRail(name: string, heading = name): Promise<void> {
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name }).click()
  await arrivesAt(heading)
}
async function openRecommendation(): Promise<void> {
  await fromRail('Recommendations')
  await main()
    .getByRole('link', { name: /^Vulnerabilities in container/ })
    .click()
  await arrivesAt(/^Vulnerabilities/)
}

test('each number of each page is of what rules leave open or disable, and leads to its rows', async () => {
  await page.goto(plimsoll.url)
  await expect(score()).toContainText('2 of 6 points')
  before = await shownBy(api)
  await api.rules.create.mutate(ofRegistry)
  first = await shownBy(api)
  await api.rules.create.mutate(belowHigh)
  const { overview, images } = await shownBy(api)
  const { Medium, Low } = before.overview.findings.open
  const worse = before.images.rows.reduce(
    (total, { findings: { open } }) => total + sum(open) - open.Medium - open.Low,
    0,
  )
  expect(overview.findings.disabled).toBe(Medium + Low + worse)
  expect(images.rows.map(({ findings }) => findings.disabled)).toEqual(images.rows.map(() => 3))

  const both = await api.images.list.query({ registryId: 'registry-0', size: 200 })
  const image = both.rows.find(({ findings: { open, disabled } }) => disabled === 1 && sum(open) === 2)
  if (image === undefined) throw new Error('no image has findings of both kinds')
  const rowsAt = countingRows(api)
  const look = (where: string) => expect.poll(() => miscounted(page, rowsAt), { message: where }).toEqual([])

  // The page that was open all the while follows by itself.
  await expect(score()).toContainText('4 of 6 points')
  await look('the overview')
  await expect(table('Images with most open findings').getByRole('row')).toContainText([
    'Image',
    ...overview.topImages.map(
      ({ repository, registryName }) => new RegExp(`^${repository}@.*${registryName}`),
    ),
  ])
  await expect(main().getByRole('list', { name: 'What happened' }).getByRole('link')).toHaveText([
    'Disable rule “Below High” was created by Ada',
    'Disable rule “All of registry-1” was created by Ada',
  ])
  await fromRail('Recommendations')
  for (const told of ['1 of 3', '+2', 'Unhealthy'])
    await expect(row('Remediate vulnerabilities')).toContainText(told)
  await openRecommendation()
  await look('the recommendation')
  await main().getByRole('tab', { name: 'Disabled findings' }).click()
  await look('its disabled findings')
  await fromRail('Registries')
  await look('the registries')
  await expect(row('registry-1')).toContainText('Healthy')
  await link('registry-0').click()
  await arrivesAt('registry-0')
  await look('a registry')
  await link(image.repository).click()
  await arrivesAt(image.repository)
  await look('a repository')
  await main().locator(`a[href*="${image.digest}"]`).first().click()
  await arrivesAt(/@/)
  await look('an image')
  await expect(main().getByRole('tab', { name: 'Findings (2)', exact: true })).toBeVisible()
  await main().getByRole('tab', { name: 'Disabled findings (1)' }).click()
  await expect(row('Below High')).toHaveCount(1)
  await main()
    .getByRole('tab', { name: /^Layers/ })
    .click()
  await look('its layers')
  await fromRail('Findings')
  await look('the findings')
  await fromRail('Rules', 'Disable rules')
  await look('the rules')
  // A number that is followed to its rows.
  await row('All of registry-1').getByRole('link', { name: '30', exact: true }).click()
  await expect(page.getByText('30 disabled findings')).toBeVisible()
  await expect(row('All of registry-1')).toHaveCount(30)
})

test('a disabled finding says by which rule, by whom, why and until when', async () => {
  const disabled = row('Below High').filter({ hasNotText: 'All of registry-1' }).first()
  await fromRail('Findings')
  await main()
    .getByRole('link', { name: /disabled$/ })
    .click()
  await main().getByRole('button', { name: 'Package' }).click()
  await expect(disabled.getByText(/^(Medium|Low)$/)).toHaveCSS('text-decoration-line', 'line-through')
  await disabled.getByRole('link', { name: /^CVE-/ }).click()
  const pane = page.getByRole('dialog')
  await expect(pane.getByRole('link', { name: 'Disable like this…' })).toHaveCount(0)
  await pane.getByRole('link', { name: 'Open as a page' }).click()
  const events = page.getByRole('region', { name: 'Timeline' }).getByRole('listitem')
  await expect(events).toHaveCount(2)
  await expect(events.last()).toContainText('Disabled by Below High')
  const until = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
  await expect(events.last()).toContainText(`By Ada, until ${until.format(new Date(belowHigh.expiresAt))}.`)
  await expect(events.last()).toContainText(`Accepted risk.“${why.justification}”`)
  await events.last().getByRole('link', { name: 'Below High' }).click()
  await arrivesAt('Below High')
})

test('a rule is viewed, overridden and deleted from the scope tree, and what it disabled counts again', async () => {
  const menu = async (place: string, item: string) => {
    await openRecommendation()
    await link('Disable rule').click()
    await row(place)
      .getByRole('button', { name: `Rules of ${place}` })
      .click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const overview = async () => (await api.overview.get.query()).findings
  const preview = page.getByRole('complementary', { name: 'What it would do' })
  await menu('registry-1', 'View rule')
  await arrivesAt('All of registry-1')

  const { Medium, Low } = before.overview.findings.open
  const worse = (await overview()).disabled - Medium - Low
  await menu('Tenant', 'Override rule')
  await page.getByLabel('Override rules below').check()
  await expect(preview).toContainText('Overrides 1 rule below')
  await expect(preview).toContainText(`Re-opened${worse} findings`)
  await page.getByRole('button', { name: 'Override rule' }).click()
  await expect(page.getByText(/^Rule saved\./)).toBeVisible()
  expect(await overview()).toMatchObject({ disabled: Medium + Low })
  await fromRail('Registries')
  await expect(row('registry-1')).toContainText('Unhealthy')
  await fromRail('Rules', 'Disable rules')
  await link('Overridden 1').click()
  await expect(row('All of registry-1')).toContainText('Overridden by Below High')
  await fromRail('Overview')
  await expect(score()).toContainText('2 of 6 points')

  await menu('Tenant', 'Delete rule')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(`${worse} findings are disabled again by rules that it overrides.`)
  await dialog.getByRole('button', { name: 'Delete rule' }).click()
  await expect(row('Tenant')).not.toContainText('Rule applied')
  expect(await shownBy(api)).toEqual(first)
  await menu('registry-1', 'Delete rule')
  await expect(dialog).toContainText('30 findings re-open')
  await dialog.getByRole('button', { name: 'Delete rule' }).click()
  await expect(row('registry-1')).not.toContainText('Rule applied')
  expect(await shownBy(api)).toEqual(before)
  await fromRail('Overview')
  await expect(score()).toContainText('2 of 6 points')
  expect(errors).toEqual([])
})
