import { expect, type Page, type Route, test } from '@playwright/test'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { openFromRail, viewAs } from './rig/steps.ts'
import { stocked } from './rig/stocked.ts'

const cve = 'CVE-2024-5535'
const note = 'The service never negotiates the protocol that this is about.'

let plimsoll: PlimsollServer
test.beforeAll(async () => {
  plimsoll = await startPlimsoll([], { fill: stocked })
})
test.afterAll(() => plimsoll.stop())

test('a rule is previewed before it is made, disables what was shown, and can be undone', async ({
  page,
}) => {
  await viewAs(page, plimsoll.url, 'Security Admin')
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
  await page.getByLabel('Reason').selectOption({ label: 'Not exploitable here' })
  await page.getByLabel('Note').fill(note)
  await page.getByRole('button', { name: 'Create rule' }).click()
  await expect(page.getByText('Rule created. It disables 1 finding.')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText(/^Undone/)).toBeVisible()
  await expect(page.getByText('No disable rule')).toBeVisible()

  // What was undone is in the log of what changed the score.
  await page.goto(plimsoll.url)
  await expect(page.getByRole('list', { name: 'What happened' })).toContainText(/was deleted by/)
})

test('a rule is made like a finding, or of several that are chosen, without a mouse', async ({ page }) => {
  await viewAs(page, plimsoll.url, 'Security Admin')
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
  await page.keyboard.type('Not reached.')
  await reach(page, 'Name')
  await expect(preview(page).locator('[aria-busy]')).toHaveAttribute('aria-busy', 'false')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: /^Disable CVE-/ })).toBeVisible()
  await expect(page.getByText('Accepted risk')).toBeVisible()

  // What was not shown yet is asked about: the answer of what it would do is on its way.
  await page.getByRole('link', { name: 'Override rule' }).press('Enter')
  await expect(preview(page).locator('[aria-busy]')).toHaveAttribute('aria-busy', 'false')
  const [asked, shown] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holdBack = async (route: Route) => {
    asked.resolve()
    await shown.promise
    await route.continue()
  }
  await page.route('**/rules.preview*', holdBack, { times: 1 })
  await page.getByLabel('CVSS v3 score below').fill('9')
  await asked.promise
  await page.getByLabel('CVSS v3 score below').press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Its effect was not shown yet' })
  await expect(dialog).toContainText(/It would disable .* now\./)
  await dialog.getByRole('button', { name: 'Look again' }).press('Enter')
  shown.resolve()
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
  await page
    .getByRole('checkbox', { name: /^Select CVE/ })
    .first()
    .check()
  const bar = page.getByRole('region', { name: 'Selected findings' })
  await expect(bar.getByRole('button', { name: 'Copy CVE list' })).toBeVisible()
  for (const name of ['Disable…', 'Rescan images…']) await expect(bar.getByText(name)).toHaveCount(0)
  const answer = await page.request.post(`${plimsoll.url}/api/trpc/rules.create`, {
    headers: { origin: plimsoll.url },
    data: { scope: { kind: 'tenant', id: 'tenant' }, name: 'no', criteria: { cves: [cve] } },
  })
  expect(answer.status()).toBe(403)
})

const preview = (page: Page) => page.getByRole('complementary', { name: 'What it would do' })
const openRules = (page: Page) => openFromRail(page, 'Rules')

/** Goes on by Tab until the field has the focus. */
async function reach(page: Page, label: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true })
  for (let steps = 0; steps < 40; steps++) {
    await page.keyboard.press('Tab')
    if ((await field.and(page.locator(':focus')).count()) > 0) return
  }
  throw new Error(`Tab does not reach ${label}`)
}
