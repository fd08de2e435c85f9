import { expect, test } from '@playwright/test'
import type { ScoreTrend } from '../packages/types/score-trend.ts'
import { storeEarlierDays } from './rig/earlier-days.ts'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { allSamplesScanned, becomeFirstAdmin, openFromRail, openSample, viewAs } from './rig/steps.ts'

let plimsoll: PlimsollServer
test.beforeAll(async () => {
  plimsoll = await startPlimsoll([])
})
test.afterAll(() => plimsoll.stop())

test('a reader drills down from the recommendation to a finding', async ({ page }) => {
  await viewAs(page, plimsoll.url, 'Security Reader')
  await allSamplesScanned(page, plimsoll.url)

  await openFromRail(page, 'Recommendations')
  await page
    .getByRole('link', { name: 'Vulnerabilities in container registry images should be remediated' })
    .click()
  await expect(page).toHaveURL(/\/recommendations\/container-images$/)
  await expect(page.getByRole('tab', { name: 'Unhealthy registries (1)' })).toBeVisible()

  await page.getByRole('tabpanel').first().getByRole('link', { name: 'samples' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'samples' })).toBeVisible()
  await page.getByRole('link', { name: 'shop/storefront' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'shop/storefront' })).toBeVisible()
  await page.getByRole('link', { name: '1.8.0' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'shop/storefront:1.8.0' })).toBeVisible()
  await expect(page.getByText('Debian GNU/Linux 12 (bookworm)')).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toContainText('samples')

  const link = page.getByRole('table').getByRole('link', { name: /^CVE-/ }).first()
  const cve = await link.textContent()
  await link.click()
  const pane = page.getByRole('dialog')
  await expect(pane.getByRole('heading', { level: 2, name: cve ?? '' })).toBeVisible()
  await expect(page).toHaveURL(/[?&]finding=\d+/)
  await expect(pane.getByText(/^Upgrade /)).toBeVisible()
  await expect(pane.getByText(/^apt-get/)).toBeVisible()
  await expect(pane.getByRole('heading', { name: 'Why it matched' })).toBeVisible()

  const deep = page.url()
  await page.keyboard.press('Escape')
  await expect(pane).toBeHidden()
  await expect(page).not.toHaveURL(/finding=/)
  await page.goto(deep)
  await expect(pane.getByRole('heading', { level: 2, name: cve ?? '' })).toBeVisible()
})

test('the overview tells how the score went and what would raise it most, with the rows that it counts', async ({
  page,
}) => {
  await viewAs(page, plimsoll.url, 'Security Reader')
  await allSamplesScanned(page, plimsoll.url)
  await page.goto(plimsoll.url)
  const trend = page.getByRole('region', { name: /^The score is 0 points on its first day/ })
  await expect(trend.locator('svg path.recharts-line-curve, svg circle').first()).toBeVisible()
  await trend.getByRole('button', { name: 'Show as table' }).click()
  await expect(trend.getByRole('table').getByRole('row').nth(1)).toContainText('0 of 1')
  const raise = page.getByRole('region', { name: 'What would raise it most' })
  await expect(raise.getByRole('listitem')).toHaveCount(3)
  const link = raise.getByRole('link', { name: /^\d+ findings$/ }).first()
  const told = await link.textContent()
  await link.click()
  await expect(page.getByRole('status').filter({ hasText: told?.replace(' ', ' open ') ?? '' })).toBeVisible()
  await expect(page).toHaveURL(/feed=Debian%3A12&fix=available&pkg=/)

  await page.goBack()
  await raise.getByRole('link', { name: '1 image', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: /^1 image$/ })).toBeVisible()
  await expect(page.getByText(/^Outdated base image\s*base\/debian@/)).toBeVisible()
  await page.getByRole('table').getByRole('link', { name: 'shop/storefront:1.8.0' }).click()
  await expect(page.getByText('Built on base/debian:12.1')).toBeVisible()
})

test('how the open findings went is told for 30 or 90 days, in a chart and in a table of the same numbers', async ({
  page,
}) => {
  await viewAs(page, plimsoll.url, 'Security Reader')
  await allSamplesScanned(page, plimsoll.url)
  storeEarlierDays(plimsoll.dataDir, { 12: 38, 60: 97 })
  await page.goto(plimsoll.url)
  const went = (from: number, days: number) =>
    page.getByRole('region', {
      name: new RegExp(`^Critical findings fell from ${from} to 3 in ${days} days`),
    })
  await expect(went(41, 12).locator('svg path.recharts-area-area')).toHaveCount(5)
  await expect(went(41, 12).getByRole('list', { name: 'Open now' }).getByRole('link')).toHaveCount(5)
  await page
    .getByRole('navigation', { name: 'Days that the charts show' })
    .getByRole('link', { name: '90 days' })
    .click()
  await expect(page).toHaveURL(/\?days=90$/)
  const region = went(100, 60)
  await region.getByRole('button', { name: 'Show as table' }).click()
  const cells = region.getByRole('row').getByRole('cell')
  await expect(cells.first()).toBeVisible()
  const input = encodeURIComponent(JSON.stringify({ days: 90 }))
  const answer = await page.request.get(`${plimsoll.url}/api/trpc/overview.trend?input=${input}`)
  const { result } = (await answer.json()) as { result: { data: ScoreTrend } }
  const numbers = result.data.points.toReversed().flatMap(({ open, fixable }) => {
    const { Critical, High, Medium, Low, Unknown } = open
    return [Critical, High, Medium, Low, Unknown, Critical + High + Medium + Low + Unknown, fixable]
  })
  const texts = await cells.allTextContents()
  expect(texts.filter((_, index) => index % 8 > 0).map(Number)).toEqual(numbers)
  expect(numbers).toHaveLength(3 * 7)
  await region.getByRole('row').nth(1).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/findings\?sev=critical/)
  await expect(page.getByRole('status').filter({ hasText: `${numbers[0]} open findings` })).toBeVisible()
})

test('every state of an image is there, and zero says why', async ({ page }) => {
  await viewAs(page, plimsoll.url, 'Security Reader')
  await openFromRail(page, 'Registries')
  await page.getByRole('link', { name: 'samples' }).click()
  const health = (repository: string) => page.getByRole('row').filter({ hasText: repository })
  await expect(health('legacy/billing')).toContainText('Unhealthy')
  await expect(health('data/etl')).toContainText('Partly scanned')
  await expect(health('labs/interrupted-upload')).toContainText('Scan failed')
  await expect(health('windows/frontend')).toContainText('Not applicable')
  const byHealth = page.getByRole('navigation', { name: 'Repositories by health' })
  await byHealth.getByRole('link', { name: /^Partly scanned\s*2$/ }).click()
  await expect(page.getByRole('row')).toHaveCount(1 + 2)
  // Typed before the page could follow the link: what is searched is what the link leads to.
  await page.evaluate(`
    [...document.querySelectorAll('nav[aria-label="Repositories by health"] a')][0].click()
    const input = document.querySelector('input[aria-label="Search repositories"]')
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, 'STORE')
    input.dispatchEvent(new Event('input', { bubbles: true }))`)
  await expect(page.getByRole('row')).toHaveCount(1 + 1)
  await expect(page).toHaveURL(/\?q=STORE$/)
  await page.getByRole('searchbox', { name: 'Search repositories' }).fill('')
  await page.getByRole('link', { name: '5 High', exact: true }).click()
  await expect(page).toHaveURL(/\/images\?reg=samples&worst=high$/)
  await expect(page.getByRole('status').filter({ hasText: '5 images' })).toBeVisible()
  await page.goBack()
  await page.getByRole('link', { name: 'base/static' }).click()
  // Numbers of the page before are links too.
  await expect(page).toHaveURL(/repositories\/base\/static/)
  await page.getByRole('link', { name: /^12/ }).click()
  await expect(page.getByText('No known vulnerabilities in 4 packages (dpkg)')).toBeVisible()
  await expect(
    page.getByText(/Read 4 packages \(dpkg\), compared with \d+ advisories of Debian:12/),
  ).toBeVisible()
})

test('a page that needs a session asks for sign-in and comes back to where it was asked', async ({
  page,
}) => {
  await page.goto(`${plimsoll.url}/findings?sev=high`)
  await page.getByRole('button', { name: 'View as Security Reader' }).click()
  await expect(page).toHaveURL(/\/findings\?sev=high/)
  await expect(page.getByRole('heading', { level: 1, name: 'Findings' })).toBeVisible()
})

test('a result that is not kept up to date says so, in the list and on its page', async ({ page }) => {
  await viewAs(page, plimsoll.url, 'Security Reader')
  await openSample(page, plimsoll.url, 'shop/storefront:1.8.1')
  await expect(page.getByText('This result is not kept up to date')).toBeVisible()
  await page.goto(`${plimsoll.url}/images`)
  const row = page.getByRole('row').filter({ hasText: 'shop/storefront:1.8.1' })
  await expect(row).toContainText('not kept up to date')
})

test('all that failed is asked for again, and samples are offered neither for import nor for deletion', async ({
  page,
}) => {
  await becomeFirstAdmin(page, plimsoll)
  await page.goto(`${plimsoll.url}/scans?state=failed`)
  const failed = page.getByRole('row').filter({ hasText: 'labs/interrupted-upload' })
  await expect(failed).toHaveCount(1)
  await page.getByRole('button', { name: 'Retry all failed' }).click()
  await expect(page.getByText('1 scan asked for.')).toBeVisible()
  await expect(failed).toHaveCount(2)
  await expect(failed.first()).toContainText('Request by Grace Hopper')

  await openSample(page, plimsoll.url, 'shop/storefront:1.8.1')
  await expect(page.getByRole('button', { name: 'Scan now' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Delete image' })).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Import into another registry' })).toHaveCount(0)
})
