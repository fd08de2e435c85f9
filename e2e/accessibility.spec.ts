import { expect, test } from '@playwright/test'
import { violations } from './rig/axe.ts'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { samplePath, viewAs } from './rig/steps.ts'
import { stocked } from './rig/stocked.ts'

const routes = [
  '/',
  '/recommendations',
  '/recommendations/container-images',
  '/registries',
  '/registries/new',
  '/registries/samples',
  '/registries/samples/edit',
  '/registries/samples/repositories/shop/storefront',
  '/images?worst=high',
  '/findings',
  '/findings?status=undetermined&finding=1',
  '/findings/1',
  '/rules',
  '/rules/new',
  '/rules/new?from=1',
  '/recommendations/container-images/disable-rule',
  '/scans',
  '/settings',
  '/settings/scopes',
  '/settings/scopes/demo',
  '/settings/registries',
  '/settings/import',
  '/settings/clusters',
  '/settings/billing',
  '/settings/billing?month=2026-11',
  '/nowhere',
]

let plimsoll: PlimsollServer
test.beforeAll(async () => {
  plimsoll = await startPlimsoll([], { fill: stocked })
})
test.afterAll(() => plimsoll.stop())

const schemes = ['light', 'dark'] as const

test('no page breaks WCAG 2.2 AA as far as axe sees, in light and in dark', async ({ page }) => {
  test.setTimeout(300_000)
  const look = async (route: string) => {
    for (const colorScheme of schemes) {
      // The portal follows the system at once, without being loaded anew.
      await page.emulateMedia({ colorScheme })
      expect.soft(await violations(page), `${route}, ${colorScheme}`).toEqual([])
    }
  }
  await page.goto(`${plimsoll.url}/sign-in`)
  await expect(page.getByRole('button', { name: 'View as Security Reader' })).toBeVisible()
  await look('/sign-in')
  await viewAs(page, plimsoll.url, 'Security Admin')
  const image = await samplePath(page, plimsoll.url, 'shop/storefront:1.8.0')
  const worker = await samplePath(page, plimsoll.url, 'team/worker:0.4.0')
  const ofImages = [
    `${image}&size=25`,
    `${image}&tab=layers&explain=CVE-2023-38545`,
    `${image}&tab=packages&size=25`,
    `${worker}&tab=coverage`,
  ]
  const visit = async (route: string) => {
    await page.goto(plimsoll.url + route)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    // The network is never idle, for the page listens to changes; a region that waits for its answer says so.
    await expect(page.getByText('Loading', { exact: true })).toHaveCount(0)
    await look(route)
  }
  for (const route of [...routes, ...ofImages]) await visit(route)
  // They are causes in the trend of the overview as well.
  for (const cve of ['CVE-2042-99998', 'CVE-2042-99999']) {
    await page.request.post(`${plimsoll.url}/api/trpc/rules.create`, {
      headers: { origin: plimsoll.url },
      data: {
        name: `Disable ${cve}`,
        scope: { kind: 'tenant', id: 'tenant' },
        criteria: { ids: [], cves: [cve], categories: [], securityChecks: [] },
      },
    })
  }
  for (const route of ['/rules', '/rules/1', '/rules/1/edit', '/']) await visit(route)
  const causes = page.getByRole('link', { name: /^Disable rule “Disable CVE-2042-\d+” was created/ })
  await expect(causes).toHaveCount(2)
  const asTable = page.getByRole('button', { name: 'Show as table' })
  while ((await asTable.count()) > 0) await asTable.first().click()
  await expect(causes).toHaveCount(2)
  await look('/ as tables')
})

test('on a narrow screen what the keyboard reaches can be seen, and lists can be sorted', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await viewAs(page, plimsoll.url, 'Security Reader')
  await page.goto(`${plimsoll.url}/findings`)
  await page.getByRole('searchbox', { name: 'Search findings' }).focus()
  const focused = page.locator(':focus')
  const reached: (string | null)[] = []
  while (!reached.includes('CVSS') && reached.length < 20) {
    await page.keyboard.press('Tab')
    reached.push(await focused.textContent())
    // Nothing is clicked: what is clipped or covered could not be.
    await focused.click({ trial: true, timeout: 2000 })
  }
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/sort=-cvss/)
})
