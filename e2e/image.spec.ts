import { expect, type Locator, type Page, test } from '@playwright/test'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { openSample, viewAs } from './rig/steps.ts'
import { stocked } from './rig/stocked.ts'

let plimsoll: PlimsollServer
test.beforeAll(async () => {
  plimsoll = await startPlimsoll([], { fill: stocked })
})
test.afterAll(() => plimsoll.stop())
test.beforeEach(({ page }) => viewAs(page, plimsoll.url, 'Security Reader'))

const number = async (link: Locator): Promise<string> => /[\d,]+/.exec(await link.innerText())?.[0] ?? ''
const findings = (page: Page) => page.getByRole('status').filter({ hasText: /^[\d,]+ \w+ findings?$/ })

test('the ledger says what an image is, what of it was read, and why its zero is not clean', async ({
  page,
}) => {
  await openSample(page, plimsoll.url, 'team/worker:0.4.0')
  await expect(page.getByText('End of life since 1 Nov 2026')).toBeVisible()
  await expect(page.getByText('No open finding, but it was not read or judged in full')).toBeVisible()

  await page.getByRole('tab', { name: 'Coverage' }).click()
  const part = (name: string) => page.getByRole('region', { name, exact: true })
  await expect(part('Distribution and release')).toContainText('Alpine Linux 3.21')
  await expect(part('Distribution and release')).toContainText('Ended 1 Nov 2026')
  await expect(part('Not read or not judged').getByRole('listitem')).toHaveText([
    /^End of life\. Free security updates of Alpine Linux 3\.21 ended/,
    /^Version that does not parse\..*1\.64\.0-team2/,
  ])
  await expect(part('Package databases').getByRole('row').last()).toContainText('/lib/apk/db/installed')
  await expect(part('Package databases').getByRole('row').last()).toContainText('16')
  await expect(part('Advisories it was compared with')).toContainText('Alpine:v3.21')
  await expect(part('Lists of attacks')).toContainText(/\(CISA’s KEV\)As of \d+ \w+ \d{4}/)
  await expect(part('Lists of attacks')).toContainText('(FIRST’s EPSS)Never imported')

  const undetermined = part('Not read or not judged').getByRole('link', { name: /undetermined/ })
  const total = await number(undetermined)
  await undetermined.click()
  await expect(page.getByRole('tab', { name: `Undetermined (${total})`, selected: true })).toBeVisible()
  await expect(findings(page)).toHaveText(`${total} undetermined findings`)
})

test('findings of the base image, of the own layers and of one layer are one click away', async ({
  page,
}) => {
  await openSample(page, plimsoll.url, 'shop/storefront:1.8.0')
  await expect(page.getByText('Built on base/debian:12.1')).toBeVisible()
  for (const name of [/ come from it$/, / do not$/]) {
    const link = page.getByRole('link', { name })
    const total = await number(link)
    await link.click()
    await expect(findings(page)).toHaveText(`${total} open findings`)
  }
  await page.getByRole('button', { name: 'Drop the filter Origin' }).click()
  await expect(page).not.toHaveURL(/origin=/)

  await page.getByRole('tab', { name: /^Layers/ }).click()
  const layers = page.getByRole('table', { name: 'Layers' }).getByRole('row')
  await expect(layers.nth(1)).toContainText('Base image')
  await expect(layers.nth(2)).toContainText('RUN apt-get update')
  await expect(layers.nth(2)).not.toContainText('Base image')
  await layers.nth(2).locator('summary').click()
  await expect(layers.nth(2).getByText(/^RUN \/bin\/sh -c .* # buildkit$/)).toBeVisible()
  const ofLayer = layers.nth(2).getByRole('link').last()
  const total = await number(ofLayer)
  await ofLayer.click()
  await expect(page).toHaveURL(/layer=sha256/)
  await expect(findings(page)).toHaveText(`${total} open findings`)

  await page.getByRole('tab', { name: /^Packages/ }).click()
  await page.getByRole('searchbox', { name: 'Search packages' }).fill('libcurl4')
  const curl = page.getByRole('table', { name: 'Packages' }).getByRole('row').nth(1)
  await expect(page.getByText('1 package', { exact: true })).toBeVisible()
  const ofPackage = curl.getByRole('link').last()
  const inPackage = await number(ofPackage)
  await ofPackage.click()
  await expect(page).toHaveURL(/\/findings\?.*pkg=libcurl4/)
  await expect(findings(page)).toHaveText(`${inPackage} open findings`)
  await page.goBack()

  await page.getByRole('link', { name: 'base/debian:12', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^base\/debian:12/ })).toBeVisible()
})

test('why a CVE is reported or not is answered in words, and has an address', async ({ page }) => {
  await openSample(page, plimsoll.url, 'shop/storefront:1.8.0', '&explain=CVE-2023-38545')
  const answer = page.getByRole('region', { name: /^Why .* is reported here, or not$/ })
  await expect(answer).toContainText('CVE-2023-38545: reported')
  await expect(answer).toContainText('Affected: below 7.88.1-10+deb12u4; installed: 7.88.1-10+deb12u1')
  await expect(answer).toContainText('/var/lib/dpkg/status, brought by layer 2')
  const field = page.getByLabel('Why is a CVE reported here, or not?')
  const ask = async (id: string) => {
    await field.fill(id)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(new RegExp(`explain=${id}`))
    // Whoever works by keyboard goes on from where the question was asked.
    await expect(field).toBeFocused()
  }
  await ask('CVE-2006-4337')
  await expect(answer).toContainText(
    'CVE-2006-4337: not affected, the installed version is outside the range',
  )
  await expect(answer).toContainText('below 1.3.5-15')
  await page.getByRole('searchbox', { name: 'Search findings' }).fill('CVE-1999-0001')
  await page.getByRole('link', { name: 'Why CVE-1999-0001 is not reported here' }).click()
  await expect(answer).toContainText('CVE-1999-0001: not known')
  await page.goBack()
  await expect(answer).toContainText('CVE-2006-4337: not affected')
  await expect(field).toHaveValue('CVE-2006-4337')
  await answer.getByRole('button', { name: 'Close the explanation' }).click()
  await expect(page).not.toHaveURL(/explain=/)
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('')
})

test('cells of a narrow page keep together what stands in them', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const tab of ['packages', 'layers', 'coverage']) {
    await openSample(page, plimsoll.url, 'shop/storefront:1.8.0', `&tab=${tab}`)
    await expect(page.getByRole('row').last()).toBeVisible()
    // Beside a cell's label there is room for one thing: a second one would stand under the label.
    const apart = await page.evaluate(`[...document.querySelectorAll('td:not(:first-of-type)')]
      .filter(cell => [...cell.childNodes].filter(node => node.textContent.trim() !== '').length > 1)
      .map(cell => cell.textContent)`)
    expect(apart, tab).toEqual([])
  }
})

test('a page is no wider than its window, whatever an image says that it is', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const long = 'A'.repeat(1000)
  await page.route('**/api/trpc/**', async route => {
    const answer = await route.fetch()
    const body = (await answer.text()).replaceAll('Debian GNU/Linux 12 (bookworm)', long)
    await route.fulfill({ response: answer, body })
  })
  await openSample(page, plimsoll.url, 'shop/storefront:1.8.0')
  await expect(page.getByText(long)).toBeVisible()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('what a paid channel fixes is not called without a fix', async ({ page }) => {
  await page.goto(plimsoll.url)
  await page.getByRole('button', { name: 'Show as table' }).click()
  const medium = page.getByRole('table', { name: 'Open findings by severity' }).getByRole('row').nth(3)
  const withoutFreeFix = medium.getByRole('link').nth(1)
  await expect(page.getByRole('columnheader', { name: 'No free fix', exact: true })).toBeVisible()
  const total = await number(withoutFreeFix)
  await withoutFreeFix.click()
  await expect(findings(page)).toHaveText(`${total} open findings`)
  await expect(page.getByRole('button', { name: 'Fix No free fix' })).toBeVisible()
  await expect(page.getByText('Needs Ubuntu Pro').first()).toBeVisible()
})

test('known exploited findings stand out; a list that was never imported is said, and other classes are beside', async ({
  page,
}) => {
  await page.goto(`${plimsoll.url}/findings`)
  const beside = page.getByRole('link', { name: / in kernel headers$/ })
  const total = await number(beside)
  await beside.click()
  await expect(page).toHaveURL(/class=kernel-headers/)
  await expect(findings(page)).toHaveText(`${total} open findings`)
  await page.getByRole('button', { name: 'Drop the filter Class' }).click()

  await page.getByRole('button', { name: 'Exploited' }).click()
  await page.getByRole('menuitemradio', { name: 'Known exploited only' }).click()
  await expect(page).toHaveURL(/kev=1/)
  const rows = page.getByRole('table', { name: 'Findings' }).getByRole('row').filter({ hasText: 'KEV' })
  await expect(async () => {
    expect(await findings(page).textContent()).toBe(`${await rows.count()} open findings`)
  }).toPass()
  await rows.first().getByRole('link').first().click()
  const pane = page.getByRole('dialog')
  await expect(pane).toContainText(/In CISA’s catalogue since \d+ \w+ \d{4}/)
  await expect(pane).toContainText('No EPSS list has been imported.')
})
