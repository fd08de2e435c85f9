import { rm } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import {
  type DockerRegistry,
  startDockerRegistry,
  testCredentials,
} from '../packages/engine/registry/testdata/docker-registry.ts'
import { advisoryPlace } from './rig/advisory-place.ts'
import { violations } from './rig/axe.ts'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { pushImage } from './rig/push-image.ts'
import { type SlowLine, slowLine } from './rig/slow-line.ts'
import { smallImages } from './rig/small-images.ts'
import { becomeFirstAdmin } from './rig/steps.ts'

const { username, password, htpasswd } = testCredentials

let layout: string
let advisories: string
let plimsoll: PlimsollServer
let registry: DockerRegistry
let elsewhere: DockerRegistry
let line: SlowLine
let page: Page

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  layout = await smallImages()
  advisories = await advisoryPlace()
  plimsoll = await startPlimsoll(['--empty', '--advisories', advisories])
  registry = await startDockerRegistry({ htpasswd })
  elsewhere = await startDockerRegistry()
  line = await slowLine(elsewhere.url)
  await push('web', `${registry.host}/team/web:1.0`, ['--dest-creds', `${username}:${password}`])
  await push('mirror', `${elsewhere.host}/tools/mirror:2.0`)
  page = await (await browser.newContext()).newPage()
  await becomeFirstAdmin(page, plimsoll)
})
test.afterAll(async () => {
  await page.context().close()
  await line.stop()
  await plimsoll.stop()
  await registry.stop()
  await elsewhere.stop()
  await rm(advisories, { recursive: true })
})

const push = (tag: string, to: string, flags: readonly string[] = []) =>
  pushImage(`${layout}:${tag}`, to, flags)

const row = (text: string) => page.getByRole('row').filter({ hasText: text })

/** Goes on with Tab to what has this name, as somebody without a mouse does. */
async function tabTo(role: Parameters<Page['getByRole']>[0], name: string): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true }).and(page.locator(':focus'))
  for (let presses = 0; presses < 40; presses++) {
    if ((await wanted.count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not come to ${role} ${name}`)
}

async function turnPlan(to: 'on' | 'off'): Promise<void> {
  await page.getByRole('button', { name: `Turn the plan ${to}` }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Turn the plan ${to}` })
    .click()
  await expect(page.getByText(`The plan is ${to}`, { exact: true })).toBeVisible()
}

test('a management group and a subscription are made, and its plan is turned off', async () => {
  await page.goto(`${plimsoll.url}/settings/scopes`)
  await page.getByRole('button', { name: 'Add management group' }).click()
  await page.getByLabel('Name of the management group').fill('Europe')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(row('Europe')).toContainText('No subscription')
  await page.getByRole('button', { name: 'Add subscription' }).click()
  await page.getByLabel('Name of the subscription').fill('Shop')
  await page.getByLabel('Under').selectOption({ label: 'Tenant / Europe' })
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await row('Shop').getByRole('link', { name: 'Shop' }).click()
  await turnPlan('off')
  await page.getByRole('link', { name: 'Scopes and plans' }).click()
  await expect(row('Shop')).toContainText('Nothing, the plan is off')
  await expect(row('Europe')).toContainText('On in 0 of 1')
})

test('a registry is connected with the keyboard alone, after a wrong password was diagnosed', async () => {
  await page.goto(`${plimsoll.url}/registries/new`)
  await tabTo('textbox', 'Address')
  await page.keyboard.type(registry.url)
  await tabTo('checkbox', 'Ask it over plain http')
  await page.keyboard.press('Space')
  await tabTo('combobox', 'Subscription')
  await page.keyboard.type('Shop')
  await tabTo('combobox', 'Kind of credentials')
  await page.keyboard.type('User name')
  await tabTo('textbox', 'User name')
  await page.keyboard.type(username)
  await page.keyboard.press('Tab')
  await page.keyboard.type('not-the-password')
  await tabTo('button', 'Test connection')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The connection does not work')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'Sign-in' })).toContainText('Failed')
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violations(page), colorScheme).toEqual([])
  }

  await page.getByLabel('Password or access token').focus()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type(password)
  await tabTo('button', 'Test connection')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The connection works')).toBeVisible()
  await expect(page.getByText('team/web')).toBeVisible()
  await tabTo('button', 'Connect')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: registry.host })).toBeVisible()
  await expect(page.getByText('The plan of its subscription is off')).toBeVisible()
})

test('turning the plan on finds and scans its images', async () => {
  await page.getByRole('link', { name: 'The subscription’s plan' }).click()
  await turnPlan('on')
  await page.goto(`${plimsoll.url}/registries`)
  await page.getByRole('link', { name: registry.host }).click()
  await expect(row('team/web')).toContainText('Unhealthy')
  await row('team/web').getByRole('link', { name: 'team/web' }).click()
  await page.getByRole('button', { name: 'Rescan all' }).click()
  await expect(page.getByText('1 scan asked for.')).toBeVisible()
  await page.goto(`${plimsoll.url}/scans?state=done`)
  await expect(row('team/web').filter({ hasText: 'Request by' })).toBeVisible()
})

test('an image that came to have findings is told of at the top until it was looked at', async () => {
  await page.goto(`${plimsoll.url}/recommendations`)
  await expect(page.getByText(/came to have findings since you last looked$/)).toBeVisible()
  await page.getByRole('button', { name: /^Notices, \d+ new$/ }).click()
  const notices = page.getByRole('dialog', { name: 'Images that came to have findings' })
  await expect(notices.getByRole('link', { name: 'team/web:1.0' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Notices, none new' })).toBeVisible()
  await expect(page.getByText(/came to have findings since you last looked$/)).toBeHidden()
})

test('an image is imported from another registry, seen on its way, and scanned', async () => {
  await page.goto(`${plimsoll.url}/settings/import`)
  await page.getByLabel('Source image').fill(`${line.host}/tools/mirror:2.0`)
  await page.getByLabel('Target registry').selectOption({ label: registry.host })
  await page.getByLabel('Ask the source over plain http').check()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(row('tools/mirror')).toContainText(/Copying .+ of 2\.\d MB/)
  line.release()
  await expect(row('tools/mirror')).toContainText(/Done, 2\.\d MB/)
  await row('tools/mirror').getByRole('link', { name: 'tools/mirror:2.0' }).click()
  await expect(row('2.0')).toContainText('Unhealthy')
})

test('deleting an image says what goes, deletes it in the registry, and its findings go', async () => {
  await row('2.0').getByRole('link', { name: '2.0' }).click()
  await expect(page.getByRole('tab', { name: 'Findings (1)' })).toBeVisible()
  await page.getByRole('button', { name: 'Delete image' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(/Tags that go\s*2\.0/)
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Delete image' }).click()
  await expect(page.getByText('This image was deleted from its registry')).toBeVisible()
  await expect(page.getByText(/deleted it just now/)).toBeVisible()
  const credentials = Buffer.from(`${username}:${password}`).toString('base64')
  const answer = await fetch(`${registry.url}/v2/tools/mirror/manifests/2.0`, {
    headers: { authorization: `Basic ${credentials}`, accept: 'application/vnd.oci.image.manifest.v1+json' },
  })
  expect(answer.status, 'the registry has it no more').toBe(404)
  await page.goto(`${plimsoll.url}/findings?q=rsync&status=closed`)
  await expect(page.getByText('1 closed finding')).toBeVisible()
})

test('the bill has a charge for each image, with the price of the day', async () => {
  await page.goto(`${plimsoll.url}/settings/billing`)
  await expect(page.getByText('No price set')).toBeVisible()
  await row('Shop').getByRole('link').first().click()
  await expect(page.getByText('2 images charged')).toBeVisible()
  await expect(row('team/web')).toContainText('None set')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV' }).click(),
  ])
  expect(await (await file.createReadStream()).toArray().then(String)).toContain('team/web')
  await page.getByRole('button', { name: 'Set a price' }).click()
  await page.getByLabel('Price of one image').fill('0,29')
  await page.getByLabel('Currency').fill('eur')
  await page.getByRole('button', { name: 'Save the price' }).click()
  await expect(page.getByText('EUR 0.29')).toBeVisible()
})

test('the secret of its webhook is replaced, and the old one is refused', async () => {
  await page.goto(`${plimsoll.url}/registries`)
  await row(registry.host).getByRole('link', { name: registry.host }).click()
  const block = page.locator('pre').filter({ hasText: 'Authorization' })
  const shown = async () => {
    const [, url = '', secret = ''] =
      /url: (\S+)[^]*Bearer (\S+)\]/.exec((await block.textContent()) ?? '') ?? []
    return { url, secret }
  }
  const answerTo = async ({ url, secret }: { url: string; secret: string }) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` }
    return (await fetch(url, { method: 'POST', headers, body: '{"events":[]}' })).status
  }
  const old = await shown()
  expect(await answerTo(old)).toBe(200)
  await page.getByRole('button', { name: 'New secret' }).click()
  const dialog = page.getByRole('dialog', { name: 'Make a new secret?' })
  await expect(dialog).toContainText('The old secret stops at once')
  await expect(dialog).toContainText('The registry has to be told the new one')
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'New secret' }).click()
  await expect(dialog).toBeHidden()
  await expect(block).not.toContainText(old.secret)
  expect(await answerTo(await shown()), 'the new one').toBe(200)
  expect(await answerTo(old), 'the old one').toBe(401)
})

test('with its plan off a registry is shown as such, and removed it is gone', async () => {
  await page.goto(`${plimsoll.url}/settings/scopes`)
  await row('Shop').getByRole('link', { name: 'Shop' }).click()
  await turnPlan('off')
  await page.goto(`${plimsoll.url}/registries`)
  await expect(row(registry.host)).toContainText('Plan off')
  await row(registry.host).getByRole('link', { name: registry.host }).click()
  await page.getByRole('link', { name: 'Change', exact: true }).click()
  await expect(page.getByText('Set: User name and password or access token')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Remove the registry' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the registry' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Registries' })).toBeVisible()
  await expect(row(registry.host)).toHaveCount(0)
})
