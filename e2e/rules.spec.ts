import { expect, type Page, test } from '@playwright/test'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { allSamplesScanned, openFromRail, viewAs } from './rig/steps.ts'

const cve = 'CVE-2024-5535'

let plimsoll: PlimsollServer
test.beforeAll(async () => {
  plimsoll = await startPlimsoll([])
})
test.afterAll(() => plimsoll.stop())

test('an admin disables a finding by a rule, sees it gone from every count, and gets it back by deleting the rule', async ({
  page,
}) => {
  await viewAs(page, plimsoll.url, 'Security Admin')
  await allSamplesScanned(page, plimsoll.url)
  const before = await counts(page)
  expect(before.critical).toBeGreaterThan(0)
  await page.goto(`${plimsoll.url}/recommendations/container-images`)
  await expect(checks(page, 'Findings')).toContainText(cve)

  await page.getByRole('link', { name: 'Disable rule' }).click()
  await page.getByLabel('CVEs').fill(cve)
  await page.getByLabel('Justification').fill('The service never negotiates the protocol that this is about.')
  await expect(page.getByLabel('Name')).toHaveValue(new RegExp(cve))
  await page.getByRole('button', { name: 'Create rule' }).click()
  await expect(page.getByText('1 finding', { exact: true })).toBeVisible()

  const during = await counts(page)
  expect(during).toEqual({
    critical: before.critical - 1,
    total: before.total - 1,
    registry: before.registry - 1,
    image: before.image - 1,
    disabled: before.disabled + 1,
  })
  await page.goto(`${plimsoll.url}/recommendations/container-images`)
  await expect(checks(page, 'Findings')).not.toContainText(cve)
  await page.getByRole('tab', { name: 'Disabled findings' }).click()
  await expect(checks(page, 'Disabled findings')).toContainText(cve)

  await openFromRail(page, 'Rules')
  await page.getByRole('table').getByRole('link').first().click()
  await page.getByRole('button', { name: 'Delete rule' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('1 finding that it disables re-opens')
  await dialog.getByRole('button', { name: 'Delete rule' }).click()
  await expect(page.getByText('No disable rule')).toBeVisible()
  expect(await counts(page)).toEqual(before)
})

test('a reader sees rules and can neither create nor delete one', async ({ page }) => {
  await viewAs(page, plimsoll.url, 'Security Reader')
  await openFromRail(page, 'Rules')
  await expect(page.getByRole('link', { name: 'Create rule' })).toBeHidden()
  await page.goto(`${plimsoll.url}/rules/new`)
  await expect(page.getByText('Only a Security Admin can create or delete disable rules.')).toBeVisible()
  const answer = await page.request.post(`${plimsoll.url}/api/trpc/rules.create`, {
    headers: { origin: plimsoll.url },
    data: { subscriptionId: 'demo', name: 'no', criteria: { cves: [cve] } },
  })
  expect(answer.status()).toBe(403)
})

const checks = (page: Page, tab: string) =>
  page.getByRole('region', { name: 'Security checks' }).getByRole('tabpanel', { name: tab })

/** What the pages say: of the recommendation, of the registry, of the image that has the finding, of the list. */
async function counts(page: Page) {
  await page.goto(`${plimsoll.url}/`)
  await page.getByRole('button', { name: 'Show as table' }).click()
  const bySeverity = page.getByRole('table', { name: 'Open findings by severity' })
  const critical = await bySeverity
    .getByRole('row')
    .filter({ hasText: 'Critical' })
    .getByRole('cell')
    .last()
    .innerText()
  await page.goto(`${plimsoll.url}/recommendations/container-images`)
  const total = await page.getByRole('link', { name: /in total$/ }).innerText()
  await page.goto(`${plimsoll.url}/registries/samples`)
  const registry = await page.getByRole('link', { name: /^\d+$/ }).first().innerText()
  await page.goto(`${plimsoll.url}/registries/samples/repositories/shop/storefront`)
  await page.getByRole('link', { name: '1.8.0' }).click()
  const image = await page.getByRole('tab', { name: /^Findings \(/ }).innerText()
  await page.goto(`${plimsoll.url}/findings`)
  await expect(page.getByText(/open findings$/)).toBeVisible()
  const disabled = (await page.getByRole('link', { name: /^\d+ disabled$/ }).allInnerTexts()).join()
  const number = (text: string) => Number(/[\d,]+/.exec(text)?.[0].replace(',', '') ?? 0)
  return {
    critical: number(critical),
    total: number(total),
    registry: number(registry),
    image: number(image),
    disabled: number(disabled),
  }
}
