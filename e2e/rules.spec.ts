import { expect, type Page, test } from '@playwright/test'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { allSamplesScanned, openFromRail, viewAs } from './rig/steps.ts'

const cve = 'CVE-2024-5535'
const note = 'The service never negotiates the protocol that this is about.'

let plimsoll: PlimsollServer
test.beforeAll(async () => {
  plimsoll = await startPlimsoll([])
})
test.afterAll(() => plimsoll.stop())

test('a rule is previewed, seen in every count, overridden from above, and gives back what it disabled', async ({
  page,
}) => {
  await viewAs(page, plimsoll.url, 'Security Admin')
  await allSamplesScanned(page, plimsoll.url)
  const before = await counts(page)
  expect(before.critical).toBeGreaterThan(0)

  await page.goto(`${plimsoll.url}/recommendations/container-images`)
  await page.getByRole('link', { name: 'Disable rule' }).click()
  const scopes = page.getByRole('table', { name: 'Scopes' })
  await expect(scopes).not.toContainText('Rule applied')
  await scopes.getByRole('link', { name: 'samples' }).click()
  await expect(page.getByRole('radio', { name: 'samples' })).toBeChecked()
  await page.getByLabel('CVEs').fill('CVE-2042-99999')
  await expect(preview(page)).toContainText('It matches nothing now.')
  await page.getByLabel('CVEs').fill(cve)
  await expect(preview(page)).toContainText('Would disable 1 finding')
  await expect(preview(page).getByRole('link', { name: cve })).toBeVisible()
  await expect(page.getByLabel('Name')).toHaveValue(new RegExp(cve))
  await page.getByRole('button', { name: 'Create rule' }).click()
  await expect(page.getByText('Choose a reason.')).toBeVisible()
  await giveReason(page)
  await page.getByRole('button', { name: 'Create rule' }).click()
  await expect(page.getByText('Rule created. It disables 1 finding.')).toBeVisible()
  await expect(page.getByRole('link', { name: '1 finding', exact: true })).toBeVisible()

  const during = await counts(page)
  expect(during).toEqual({
    critical: before.critical - 1,
    total: before.total - 1,
    registry: before.registry - 1,
    image: before.image - 1,
    disabled: before.disabled + 1,
  })
  await page.goto(`${plimsoll.url}/recommendations/container-images?checks=disabled`)
  await expect(page.getByRole('tabpanel', { name: 'Disabled findings' })).toContainText(cve)
  await page.getByRole('link', { name: 'Disable rule' }).click()
  await expect(scopes.getByRole('row').filter({ hasText: 'samples' })).toContainText('Rule applied')

  // A rule of the whole tenant takes its place, and undoing that gives it back.
  await scopes.getByRole('link', { name: 'Tenant' }).click()
  await page.getByLabel('CVEs').fill('CVE-2023-38545')
  await page.getByLabel('Override rules below').check()
  await expect(preview(page)).toContainText('Overrides 1 rule below')
  await expect(preview(page)).toContainText('Re-opened1 finding')
  await giveReason(page)
  await page.getByRole('button', { name: 'Create rule' }).click()
  await expect(page.getByText(/^Rule created/)).toBeVisible()
  await openRules(page)
  const overridden = page.getByRole('row').filter({ hasText: 'Overridden by Disable CVE-2023-38545' })
  await expect(overridden).toContainText(cve)
  await page.getByRole('link', { name: /^Overridden 1/ }).click()
  await expect(page).toHaveURL(/status=overridden/)
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText(/^Undone/)).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'Active' })).toContainText(cve)

  await page
    .getByRole('table')
    .getByRole('link', { name: new RegExp(cve) })
    .click()
  await page.getByRole('button', { name: 'Delete rule' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('1 finding re-opens')
  await dialog.getByRole('button', { name: 'Delete rule' }).click()
  await expect(page.getByText('No disable rule')).toBeVisible()
  expect(await counts(page)).toEqual(before)
})

test('a rule is made like a finding, or of several that are chosen, without a mouse', async ({ page }) => {
  await viewAs(page, plimsoll.url, 'Security Admin')
  await allSamplesScanned(page, plimsoll.url)
  await page.goto(`${plimsoll.url}/findings`)
  const boxes = page.getByRole('checkbox', { name: /^Select CVE/ })
  await boxes.first().press('Space')
  await boxes.nth(1).press('Space')
  await page.getByRole('region', { name: 'Selected findings' }).getByRole('link').press('Enter')
  await expect(page.getByLabel('CVEs')).toHaveValue(/^CVE-\S+\nCVE-\S+$/)

  await page.goto(`${plimsoll.url}/findings/1`)
  await page.getByRole('link', { name: 'Disable like this…' }).press('Enter')
  await expect(page.getByRole('radio', { name: 'all of the criteria' })).toBeChecked()
  await expect(preview(page)).toContainText('Would disable 1 finding')
  await expect(page.getByRole('button', { name: /^Repository / })).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('button', { name: /^Registry / }).press('Enter')
  await expect(page.getByLabel('Repository', { exact: true })).toHaveValue('')
  // From there on by Tab, as far as the form goes.
  await reach(page, 'Reason')
  await page.keyboard.type('Accepted')
  await reach(page, 'Note')
  await page.keyboard.type(note)
  await reach(page, 'Name')
  await expect(preview(page).locator('[aria-busy]')).toHaveAttribute('aria-busy', 'false')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: /^Disable CVE-/ })).toBeVisible()
  await expect(page.getByText('Accepted risk')).toBeVisible()

  // What was not shown yet is asked about.
  await page.getByRole('link', { name: 'Override rule' }).press('Enter')
  await page.getByLabel('CVSS v3 score below').fill('9')
  await page.getByLabel('CVSS v3 score below').press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Its effect was not shown yet' })
  await expect(dialog).toContainText(/It would disable .* now\./)
  await dialog.getByRole('button', { name: 'Look again' }).press('Enter')
  await page.getByLabel('CVSS v3 score below').fill('')
  await page.getByLabel('Owner').fill('Web team')
  await expect(preview(page)).toContainText('by this rule or others')
  await expect(preview(page).locator('[aria-busy]')).toHaveAttribute('aria-busy', 'false')
  await page.getByLabel('Owner').press('Enter')
  await expect(page.getByRole('table', { name: 'History' })).toContainText('Owner: none → Web team')
})

test('a reader sees rules and can neither create nor delete one', async ({ page }) => {
  await viewAs(page, plimsoll.url, 'Security Reader')
  await openRules(page)
  await expect(page.getByRole('link', { name: 'Create rule' })).toBeHidden()
  await page.goto(`${plimsoll.url}/rules/new`)
  await expect(
    page.getByText('Only a Security Admin can create, change or delete disable rules.'),
  ).toBeVisible()
  await page.goto(`${plimsoll.url}/findings`)
  await expect(page.getByRole('table')).toBeVisible()
  await expect(page.getByRole('checkbox')).toHaveCount(0)
  const answer = await page.request.post(`${plimsoll.url}/api/trpc/rules.create`, {
    headers: { origin: plimsoll.url },
    data: { scope: { kind: 'tenant', id: 'tenant' }, name: 'no', criteria: { cves: [cve] } },
  })
  expect(answer.status()).toBe(403)
})

const preview = (page: Page) => page.getByRole('complementary', { name: 'What it would do' })
const openRules = (page: Page) => openFromRail(page, 'Rules')

async function giveReason(page: Page): Promise<void> {
  await page.getByLabel('Reason').selectOption({ label: 'Not exploitable here' })
  await page.getByLabel('Note').fill(note)
}

/** Goes on by Tab until the field has the focus. */
async function reach(page: Page, label: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true })
  for (let steps = 0; steps < 40; steps++) {
    await page.keyboard.press('Tab')
    if ((await field.and(page.locator(':focus')).count()) > 0) return
  }
  throw new Error(`Tab does not reach ${label}`)
}

/** What the pages say: of the recommendation, of the registry, of the image that has the finding, of the list. */
async function counts(page: Page) {
  await page.goto(`${plimsoll.url}/`)
  const severities = page.getByRole('region', { name: /open findings can/ })
  await severities.getByRole('button', { name: 'Show as table' }).click()
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
