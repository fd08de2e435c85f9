import { rm } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { packagedImage } from '../apps/server/testdata/packaged-image.ts'
import { deleteManifest, pushImage } from '../apps/server/testdata/push-image.ts'
import {
  type DockerRegistry,
  startDockerRegistry,
} from '../packages/engine/registry/testdata/docker-registry.ts'
import { madeIndex } from '../packages/engine/registry/testdata/made-image.ts'
import { advisoryPlace } from './rig/advisory-place.ts'
import { violations } from './rig/axe.ts'
import { freePort, type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { enterAsAda } from './rig/steps.ts'

/** What is shown of images that are gone: none of it looks like a clean image. */

const vulnerable = { openssl: '3.0.15-1~deb12u1', rsync: '3.2.7-1' }
const fixed = { openssl: '3.0.22-1~deb12u2' }
const [old, now] = [packagedImage([vulnerable], 'old'), packagedImage([fixed], 'now')]
const member = packagedImage([vulnerable], 'member')
const index = madeIndex([{ of: member.manifest, with: { platform: { os: 'linux', architecture: 'amd64' } } }])

let advisories: string
let plimsoll: PlimsollServer
let registry: DockerRegistry
let page: Page

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  advisories = await advisoryPlace()
  const port = await freePort()
  plimsoll = await startPlimsoll([
    '--empty',
    '--registry',
    `http://127.0.0.1:${port}`,
    '--advisories',
    advisories,
  ])
  const [, notificationsUrl = ''] = /^ +url: (\S+)$/m.exec(plimsoll.output()) ?? []
  const [, authorization = ''] = /^ +Authorization: \[(.+)\]$/m.exec(plimsoll.output()) ?? []
  registry = await startDockerRegistry({ port, notificationsUrl, headers: { Authorization: authorization } })
  page = await (await browser.newContext()).newPage()
  await enterAsAda(page.context(), plimsoll)
})
test.afterAll(async () => {
  await page.context().close()
  await plimsoll.stop()
  await registry.stop()
  await rm(advisories, { recursive: true })
})

const registryPage = () => page.getByRole('link', { name: registry.host })
const healthOf = (word: string) => page.locator('[data-health]').filter({ hasText: word })

async function openRepository(name: string): Promise<void> {
  await page.goto(`${plimsoll.url}/registries`)
  await registryPage().first().click()
  // A registry that could not tell of the push at once tells again only seconds later.
  await page.getByRole('link', { name, exact: true }).click({ timeout: 40_000 })
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

async function openImage(digest: string, repository: string): Promise<void> {
  await page.goto(`${plimsoll.url}/registries`)
  const address = await registryPage().first().getAttribute('href')
  await page.goto(`${plimsoll.url}${address}/images/${digest}?repo=${encodeURIComponent(repository)}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(repository)
}

test('a superseded image says how many findings it had, and leads to them', async () => {
  await pushImage(registry.url, 'team/web', 'latest', old)
  await openRepository('team/web')
  await expect(healthOf('Unhealthy').first()).toBeVisible()
  await pushImage(registry.url, 'team/web', 'latest', now)
  await expect(page.getByRole('tab', { name: 'Superseded images (1)' })).toBeVisible()
  await openImage(old.manifest.digest, 'team/web')
  await expect(healthOf('Superseded')).toBeVisible()
  await expect(healthOf('Healthy')).toHaveCount(0)
  await expect(page.getByText('2 findings were closed with that.')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Its 2 closed findings' }).click()
  await expect(page).toHaveURL(/\/findings\?.*status=closed/)
  await expect(page.getByText('2 closed findings')).toBeVisible()
})

test('an image that went with its index says so, and is back when the registry is asked for it', async () => {
  await pushImage(registry.url, 'team/multi', member.manifest.digest, member)
  await pushImage(registry.url, 'team/multi', 'multi', { ...member, manifest: index, blobs: [] })
  await openRepository('team/multi')
  await expect(page.getByRole('row').filter({ hasText: 'multi' })).toContainText('Unhealthy')
  await openImage(member.manifest.digest, 'team/multi')
  await page.getByRole('button', { name: 'Delete image' }).click()
  // The tag that leads to it is its index's, and stays.
  await expect(page.getByRole('dialog')).toContainText(/team\/multi@[0-9a-f]{12}/)
  await expect(page.getByRole('dialog')).toContainText(/Tags that go\s*None/)
  await page.getByRole('button', { name: 'Keep it' }).click()
  await deleteManifest(registry.url, 'team/multi', index.digest)
  await expect(page.getByText('Its index was deleted; nothing else leads to it')).toBeVisible()
  await expect(page.getByText('2 findings were closed by its deletion.')).toBeVisible()
  await expect(healthOf('Deleted')).toBeVisible()
  await expect(healthOf('Healthy')).toHaveCount(0)
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violations(page)).toEqual([])
  }
  await page.goto(`${page.url().replace(/\/images.*/, '')}/repositories/team/multi`)
  await expect(page.getByText('It holds no image now.')).toBeVisible()
  await expect(page.getByText('Not scanned yet')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Rescan all' })).toHaveCount(0)

  await openImage(member.manifest.digest, 'team/multi')
  await page.getByRole('button', { name: 'Look for it' }).click()
  await expect(healthOf('Unhealthy')).toBeVisible()
  await expect(page.getByText('Its index was deleted')).toHaveCount(0)
})

test('moving a registry tells what the other subscription brings, and a removed one offers no retry', async () => {
  await page.goto(`${plimsoll.url}/settings/scopes`)
  await page.getByRole('button', { name: 'Add subscription' }).click()
  await page.getByLabel('Name of the subscription').fill('Line 1')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Line 1' })).toBeVisible()
  await page.goto(`${plimsoll.url}/registries`)
  await registryPage().first().click()
  await expect(page.getByRole('heading', { level: 1, name: registry.host })).toBeVisible()
  const address = page.url()
  // The counts of a repository lead to what they count.
  await page
    .getByRole('row')
    .filter({ hasText: 'team/multi' })
    .getByRole('link', { name: '1 Critical' })
    .click()
  await expect(page.getByText('1 open finding', { exact: true })).toBeVisible()
  await page.goto(address)
  await page.getByRole('link', { name: 'Change', exact: true }).click()
  await page.getByLabel('Subscription').selectOption({ label: 'Line 1' })
  await expect(page.getByText('The registry moves to Line 1')).toBeVisible()
  await expect(page.getByText('The disable rules of Default no longer hold')).toBeVisible()
  await expect(page.getByText('Each image is charged there with its next result')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Remove the registry' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the registry' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Registries' })).toBeVisible()
  await page.goto(address)
  await expect(page.getByText('Not found: this registry')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Retry' })).toHaveCount(0)
})
