import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { openFromRail, viewAs } from './rig/steps.ts'
import { stocked } from './rig/stocked.ts'

let plimsoll: PlimsollServer
test.beforeAll(async () => {
  plimsoll = await startPlimsoll([], { fill: stocked })
})
test.afterAll(() => plimsoll.stop())

test('recommendations are searched, exported, and say what helps to decide, with the way to it', async ({
  page,
}) => {
  await viewAs(page, plimsoll.url, 'Security Admin')
  await page.request.post(`${plimsoll.url}/api/trpc/rules.create`, {
    headers: { origin: plimsoll.url },
    data: {
      name: 'Soon over',
      scope: { kind: 'tenant', id: 'tenant' },
      criteria: { ids: [], cves: ['CVE-2024-5535'], categories: [], securityChecks: [] },
      expiresAt: new Date(Date.now() + 3 * 24 * 60 * 60_000).toISOString(),
    },
  })
  await openFromRail(page, 'Recommendations')
  const list = page.getByRole('table', { name: 'Recommendations' })
  await expect(list).toContainText('1 of 1 resource')
  const [header, row] = await downloaded(page, page.getByRole('link', { name: /^Download CSV report/ }))
  expect(header).toMatch(/^name,security_control,severity,max_score,current_score,/)
  expect(row).toMatch(
    /^Vulnerabilities in container registry images should be remediated,.*,High,6,0,6,unhealthy,1,0,/,
  )

  const rows = page.getByRole('status').filter({ hasText: /^\d+ open findings?/ })
  for (const insight of ['known exploited', 'can be fixed']) {
    const link = list.getByRole('link', { name: insight })
    const [told] = /^\d+/.exec((await link.textContent()) ?? '') ?? []
    await link.click()
    await expect(rows).toContainText(`${told} open finding`)
    await page.goBack()
  }
  await list.getByRole('link', { name: '1 rule ends within 14 days' }).click()
  await expect(page).toHaveURL(/\/rules\?status=expiring$/)
  await expect(page.getByRole('row').filter({ hasText: 'Soon over' })).toContainText('Expiring')
  await page.goBack()

  const search = page.getByRole('searchbox', { name: 'Search recommendations' })
  await search.fill('no such thing')
  await expect(page.getByText('No recommendation matches this search.')).toBeVisible()
  await search.fill('remediate vuln')
  await expect(list.getByRole('row')).toHaveCount(2)
  await expect(page).toHaveURL(/\?q=remediate\+vuln$/)
})

test('what is downloaded of the recommendation is what its lists show', async ({ page }) => {
  await viewAs(page, plimsoll.url, 'Security Reader')
  await page.goto(`${plimsoll.url}/recommendations/container-images?q=openssl&sort=id`)
  const checks = page.getByRole('region', { name: 'Security checks' })
  await expect(checks.getByRole('status')).toContainText('security checks')
  const ids = await checks.locator('tbody td:first-child').allTextContents()
  expect(ids.length).toBeGreaterThan(5)
  const lines = await downloaded(page, checks.getByRole('link', { name: /^Download CSV report/ }))
  expect(lines.slice(1).map(line => line.split(',')[0])).toEqual(ids)

  const registries = page.getByRole('region', { name: 'Affected registries' })
  const download = registries.getByRole('link', { name: /^Download CSV report/ })
  expect((await downloaded(page, download))[1]).toMatch(/^samples,samples,demo,Demo,unhealthy,,12,8,/)
  await registries.getByRole('tab', { name: /^Healthy registries/ }).click()
  await expect(page).toHaveURL(/registries=healthy/)
  expect(await downloaded(page, download)).toHaveLength(1)

  await checks.getByRole('heading', { name: 'Security checks' }).click()
  await expect(checks.getByRole('table')).toBeHidden()
})

/** The lines of a file that a link downloads. */
async function downloaded(page: Page, link: Locator): Promise<string[]> {
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toMatch(/^plimsoll-[a-z-]+-\d{4}-\d\d-\d\d\.csv$/)
  const text = await readFile(await download.path(), 'utf8')
  return text.trimEnd().split('\r\n')
}
