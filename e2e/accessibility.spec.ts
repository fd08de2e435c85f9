import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { allSamplesScanned, samplePath, viewAs } from './rig/steps.ts'

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const routes = [
  '/',
  '/recommendations',
  '/recommendations/container-images',
  '/registries',
  '/registries/samples',
  '/registries/samples/repositories/shop/storefront',
  '/findings',
  '/findings?status=undetermined&finding=1',
  '/findings/1',
  '/rules',
  '/rules/new',
  '/scans',
  '/settings',
  '/nowhere',
]

let plimsoll: PlimsollServer
test.beforeAll(async () => {
  plimsoll = await startPlimsoll([])
})
test.afterAll(() => plimsoll.stop())

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page breaks WCAG 2.2 AA as far as axe sees, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${plimsoll.url}/sign-in`)
    await expect(page.getByRole('button', { name: 'View as Security Reader' })).toBeVisible()
    expect(await violations(page), '/sign-in').toEqual([])
    await viewAs(page, plimsoll.url, 'Security Admin')
    await allSamplesScanned(page, plimsoll.url)
    const image = await samplePath(page, plimsoll.url, 'shop/storefront:1.8.0')
    const worker = await samplePath(page, plimsoll.url, 'team/worker:0.4.0')
    const ofImages = [
      `${image}&size=25`,
      `${image}&tab=layers&explain=CVE-2023-38545`,
      `${image}&tab=packages&size=25`,
      `${worker}&tab=coverage`,
    ]
    for (const route of [...routes, ...ofImages]) {
      await page.goto(plimsoll.url + route)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      // The network is never idle, for the page listens to changes; a region that waits for its answer says so.
      await expect(page.getByText('Loading', { exact: true })).toHaveCount(0)
      expect.soft(await violations(page), route).toEqual([])
    }
  })
}

test('on a narrow screen what the keyboard reaches can be seen, and lists can be sorted', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await viewAs(page, plimsoll.url, 'Security Reader')
  await allSamplesScanned(page, plimsoll.url)
  await page.goto(`${plimsoll.url}/findings`)
  await page.getByRole('searchbox', { name: 'Search findings' }).focus()
  const focused = page.locator(':focus')
  const reached: (string | null)[] = []
  while (!reached.includes('CVSS') && reached.length < 12) {
    await page.keyboard.press('Tab')
    reached.push(await focused.textContent())
    // Nothing is clicked: what is clipped or covered could not be.
    await focused.click({ trial: true, timeout: 2000 })
  }
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/sort=-cvss/)
})

/** What axe objects to, one line each: the rule and where. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')}`))
}
