import { expect, type Page, test } from '@playwright/test'
import { violations } from './rig/axe.ts'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { enterAsAda } from './rig/steps.ts'

/** What is in the way is said where it is met. Nothing listens at this address. */
const nowhere = '127.0.0.1:9'

let plimsoll: PlimsollServer
let page: Page

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  plimsoll = await startPlimsoll(['--empty'])
  page = await (await browser.newContext()).newPage()
  await enterAsAda(page.context(), plimsoll)
})
test.afterAll(async () => {
  await page.context().close()
  await plimsoll.stop()
})

test('a registry that does not work is connected when that is asked for once more', async () => {
  await page.goto(`${plimsoll.url}/scopes`)
  await page.evaluate(async () => {
    await fetch('/api/trpc/subscriptions.create', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Plant' }),
    })
  })
  await page.goto(`${plimsoll.url}/registries/new`)
  await page.getByLabel('Address').fill(`http://${nowhere}`)
  await page.getByLabel('Ask it over plain http').check()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText(`Nothing listens at http://${nowhere}.`)
  const insist = page.getByRole('button', { name: 'Connect all the same' })
  await expect(insist).toBeVisible()
  expect(await violations(page)).toEqual([])
  // Of another form nothing was said yet.
  await page.getByLabel('Resource group').fill('prod')
  await expect(insist).toBeHidden()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await insist.click()
  await expect(page.getByRole('heading', { level: 1, name: nowhere })).toBeVisible()
})

test('an import that waits for another try says when that is, and why', async () => {
  await page.goto(`${plimsoll.url}/settings/import`)
  await page.getByLabel('Source image').fill(`${nowhere}/tools/app:1`)
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: 'tools/app:1' })
  await expect(row).toContainText(/Waiting: tried again in \d+ s/)
  await expect(row).toContainText('nothing listens there')
  expect(await violations(page)).toEqual([])
  await row.getByRole('button', { name: /^Cancel/ }).click()
  await expect(row).toContainText('Cancelled')
})
