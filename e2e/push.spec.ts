import { rm } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import {
  type DockerRegistry,
  startDockerRegistry,
} from '../packages/engine/registry/testdata/docker-registry.ts'
import { debianUpgradeLayout } from '../packages/engine/testdata/debian-upgrade.ts'
import { advisoryPlace, notUpgraded, upgraded } from './rig/advisory-place.ts'
import { freePort, type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { pushImage } from './rig/push-image.ts'
import { viewAs } from './rig/steps.ts'

let layout: string
let advisories: string
let plimsoll: PlimsollServer
let registry: DockerRegistry

test.beforeAll(async () => {
  test.setTimeout(300_000)
  layout = await debianUpgradeLayout()
  advisories = await advisoryPlace()
  const port = await freePort()
  plimsoll = await startPlimsoll(['--registry', `http://127.0.0.1:${port}`, '--advisories', advisories])
  // The registry is configured with exactly what the terminal printed for it.
  const [, url] = /^ +url: (\S+)$/m.exec(plimsoll.output()) ?? []
  const [, authorization] = /^ +Authorization: \[(.+)\]$/m.exec(plimsoll.output()) ?? []
  expect([url, authorization]).not.toContain(undefined)
  registry = await startDockerRegistry({
    port,
    notificationsUrl: url!,
    headers: { Authorization: authorization! },
  })
})
test.afterAll(async () => {
  await plimsoll.stop()
  await registry.stop()
  await rm(advisories, { recursive: true })
})

const push = (tag: string, as: string) => pushImage(`${layout}:${tag}`, `${registry.host}/${as}`)

test('a pushed image appears and fills by itself, and a second push with newer packages closes findings', async ({
  page,
}) => {
  await viewAs(page, plimsoll.url, 'Security Admin')
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Registries' }).click()
  await page.getByRole('link', { name: `127.0.0.1:${registry.port}` }).click()
  await expect(page.getByRole('heading', { level: 1, name: `127.0.0.1:${registry.port}` })).toBeVisible()
  const loaded = await page.evaluate(() => performance.timeOrigin)

  await push('v1', 'team/web:latest')
  const row = page.getByRole('row').filter({ hasText: 'team/web' })
  await expect(row).toBeVisible()
  await expect(row).toContainText('Unhealthy')
  await row.getByRole('link', { name: 'team/web' }).click()
  const image = page.getByRole('row').filter({ hasText: 'latest' })
  await expect(image).toContainText('Unhealthy')
  await image.getByRole('link', { name: 'latest' }).click()
  await expect(page.getByRole('tab', { name: 'Findings (4)' })).toBeVisible()
  for (const name of [...upgraded, notUpgraded]) await expect(page.getByRole('table')).toContainText(name)
  await seesThreats(page)
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'team/web' }).click()
  await expect(image).toBeVisible()
  const firstDigest = await image.getByText(/^[0-9a-f]{12}$/).innerText()

  await push('v2', 'team/web:latest')
  await expect(image).not.toContainText(firstDigest)
  await image.getByRole('link', { name: 'latest' }).click()
  await expect(page.getByRole('tab', { name: 'Findings (1)' })).toBeVisible()
  await expect(page.getByRole('table')).toContainText(notUpgraded)
  expect(await page.evaluate(() => performance.timeOrigin), 'the page was never reloaded').toBe(loaded)

  // What the upgrade fixed counts nowhere any more, and says why it is closed.
  await page.goto(`${plimsoll.url}/findings?q=rsync&status=closed`)
  await expect(page.getByText('1 closed finding')).toBeVisible()
  await page.goto(`${plimsoll.url}/findings?q=rsync`)
  await expect(page.getByText('No finding matches these filters')).toBeVisible()
})

/** The list and the pane tell of known attacks by the lists that were imported, and of none where they have none. */
async function seesThreats(page: Page): Promise<void> {
  const rows = page.getByRole('table', { name: 'Findings' }).getByRole('row')
  await page.getByRole('button', { name: 'EPSS', exact: true }).last().click()
  await expect(page).toHaveURL(/sort=-epss/)
  await expect(rows.nth(1)).toContainText('openssl')
  await expect(rows.nth(1)).toContainText(/KEV\s*87\.5\s%/)
  await expect(rows.nth(2)).toContainText(/0\.04\s%/)
  await rows.nth(1).getByRole('link').first().click()
  const pane = page.getByRole('dialog')
  await expect(pane).toContainText('since 12 Nov 2026; US agencies are to act by 3 Dec 2026.')
  await expect(pane).toContainText('Known to be used in ransomware campaigns.')
  await expect(pane).toContainText(/87\.5\s% probability of exploitation within 30 days/)
  await page.keyboard.press('Escape')
  await expect(pane).toBeHidden()
  await page
    .getByRole('table')
    .getByRole('row')
    .filter({ hasText: notUpgraded })
    .getByRole('link')
    .first()
    .click()
  await expect(pane).toContainText('Not in CISA’s catalogue (19 Nov 2026).')
  await expect(pane).toContainText('The EPSS list of 20 Nov 2026 has no score for it.')
  await page.keyboard.press('Escape')
  await expect(pane).toBeHidden()
}
