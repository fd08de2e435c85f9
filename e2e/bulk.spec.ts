import { expect, type Page, test } from '@playwright/test'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { viewAs } from './rig/steps.ts'
import { stocked } from './rig/stocked.ts'

let plimsoll: PlimsollServer
test.beforeAll(async () => {
  plimsoll = await startPlimsoll([], { fill: stocked })
})
test.afterAll(() => plimsoll.stop())

test('all findings that a filter chooses are disabled by one rule, and enabled again by way of their list', async ({
  page,
}) => {
  await viewAs(page, plimsoll.url, 'Security Admin')
  await page.goto(`${plimsoll.url}/findings?fix=available&pkg=openssl`)
  const total = await shownTotal(page, 'open')
  expect(total).toBeGreaterThan(1)
  const bar = page.getByRole('region', { name: 'Selected findings' })
  await page
    .getByRole('checkbox', { name: /^Select CVE/ })
    .first()
    .check()
  await bar.getByRole('button', { name: `Select all ${total} matching` }).click()
  await expect(bar).toContainText(`All ${total} matching findings selected`)
  await expect(page.getByRole('checkbox', { name: 'Select all on this page' })).toBeChecked()
  // To take one out is to choose by hand again.
  await page
    .getByRole('checkbox', { name: /^Select CVE/ })
    .last()
    .uncheck()
  await expect(bar).not.toContainText('All')
  await bar.getByRole('button', { name: `Select all ${total} matching` }).click()
  await bar.getByRole('link', { name: 'Disable…' }).click()

  await expect(page.getByRole('radio', { name: 'all of the criteria' })).toBeChecked()
  await expect(page.getByLabel('Packages')).toHaveValue('openssl')
  const preview = page.getByRole('complementary', { name: 'What it would do' })
  await expect(preview).toContainText(`All ${total} selected findings`)
  // A criterion less, and the rule is about others besides.
  const ids = await page.getByLabel('IDs').inputValue()
  expect(ids).toContain('CVE-')
  await page.getByLabel('Reason').selectOption({ label: 'Accepted risk' })
  await page.getByLabel('Note').fill('The fix is rolled out with the next base image of all teams.')
  await page.getByLabel('Name').fill('Until the next base image')
  await page.getByRole('button', { name: 'Create rule' }).click()
  await expect(page.getByText(/^Rule created/)).toBeVisible()
  await page.goto(`${plimsoll.url}/findings?fix=available&pkg=openssl`)
  await expect(page.getByText('No finding matches these filters')).toBeVisible()

  await page.goto(`${plimsoll.url}/findings?pkg=openssl&status=disabled`)
  expect(await shownTotal(page, 'disabled')).toBeGreaterThanOrEqual(total)
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
  await bar.getByRole('button', { name: 'Re-enable…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Re-enable findings' })
  const rule = dialog.getByRole('listitem').filter({ hasText: 'Until the next base image' })
  await expect(rule).toContainText(/disables (\d+) of \1 selected findings/)
  await rule.getByRole('button', { name: /^Delete/ }).click()
  await expect(page.getByRole('dialog', { name: /^Delete/ })).toContainText(/re-open/)
  await page.getByRole('button', { name: 'Delete rule' }).click()
  await expect(dialog).toContainText('No rule disables them any more')
  // It comes back for as long as that is offered, as the same rule.
  const undo = dialog.getByRole('button', { name: 'Undo deleting Until the next base image' })
  await undo.press('Enter')
  await expect(undo).toBeHidden()
  await expect(rule).toContainText(/disables (\d+) of \1 selected findings, \d+ in all/)
  await expect(rule).toContainText('in Tenant')
  await rule.getByRole('button', { name: /^Delete/ }).click()
  await page.getByRole('button', { name: 'Delete rule' }).click()
  await expect(dialog).toContainText('No rule disables them any more')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(bar).toBeHidden()
  await page.goto(`${plimsoll.url}/findings?fix=available&pkg=openssl`)
  expect(await shownTotal(page, 'open')).toBe(total)
})

test('the CVEs of chosen findings are copied, and their images scanned anew', async ({ context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await viewAs(page, plimsoll.url, 'Security Admin')
  await page.goto(`${plimsoll.url}/findings?pkg=openssl&size=25`)
  const total = await shownTotal(page, 'open')
  const bar = page.getByRole('region', { name: 'Selected findings' })
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
  if (total > 25) await bar.getByRole('button', { name: /^Select all/ }).click()
  await bar.getByRole('button', { name: 'Copy CVE list' }).click()
  const said = page.getByText(/^\d+ IDs? copied\.$/)
  await expect(said).toBeVisible()
  const copied = String(await page.evaluate('navigator.clipboard.readText()')).split('\n')
  expect(copied).toHaveLength(Number((await said.textContent())?.replaceAll(/\D/g, '')))
  expect(new Set(copied).size).toBe(copied.length)
  for (const id of copied) expect(id).toMatch(/^CVE-\d+-\d+$/)

  await bar.getByRole('button', { name: 'Rescan images…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rescan the images of these findings?' })
  const rescan = dialog.getByRole('button', { name: /^Rescan \d+ images?$/ })
  const images = Number((await rescan.textContent())?.replaceAll(/\D/g, ''))
  expect(images).toBeGreaterThan(0)
  await rescan.click()
  await expect(page.getByText(new RegExp(`^${images} scans? asked for\\.`))).toBeVisible()
})

test('what no rule can say is told', async ({ page }) => {
  await viewAs(page, plimsoll.url, 'Security Admin')
  await page.goto(`${plimsoll.url}/rules/new?matching=q%3Dnothing-of-the-kind`)
  const told = page.getByRole('alert')
  await expect(told).toContainText('No rule can be made of these findings')
  await expect(told).toContainText('No finding matches these filters now.')
  await expect(told.getByRole('button', { name: 'Retry' })).toHaveCount(0)
  await told.getByRole('link', { name: 'Choose findings' }).click()
  await expect(page).toHaveURL(/\/findings/)
})

async function shownTotal(page: Page, state: 'open' | 'disabled'): Promise<number> {
  const status = page.getByRole('status').filter({ hasText: new RegExp(`^[\\d,]+ ${state} finding`) })
  await expect(status).toBeVisible()
  return Number((await status.textContent())?.replaceAll(/\D/g, ''))
}
