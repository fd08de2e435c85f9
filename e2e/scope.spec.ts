import { gzipSync } from 'node:zlib'
import { expect, type Page, test } from '@playwright/test'
import { imageOf } from '../apps/server/testdata/packaged-image.ts'
import { pushImage } from '../apps/server/testdata/push-image.ts'
import { violations } from './rig/axe.ts'
import { type Estate, startEstate } from './rig/estate.ts'
import { openFromRail } from './rig/steps.ts'

/** What is chosen at the top narrows every page, stands in the address and goes along with every link. */

let estate: Estate
let page: Page

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000)
  page = await (await browser.newContext()).newPage()
  estate = await startEstate(page)
})
test.afterAll(async () => {
  await page.context().close()
  await estate.stop()
})

const idOf = (name: string): string => estate.ids.get(name) ?? `no ${name}`
const opener = () => page.getByRole('button', { name: /^Scope / })
const picker = () => page.getByRole('dialog', { name: 'Scope of what is shown' })
const row = (text: string) => page.getByRole('row').filter({ hasText: text })
const open = (path: string) => page.goto(estate.plimsoll.url + path)
const within = (kind: string, ...names: string[]) =>
  `scope=${encodeURIComponent(`${kind}:${names.map(idOf).sort().join(',')}`)}`
const scopeOf = (kind: string, ...names: string[]) => ({ scope: { kind, ids: names.map(idOf) } })

test('a subscription is chosen with the keyboard alone, and the focus comes back to where it was', async () => {
  await open('/')
  await expect(opener()).toHaveText('Scope Everything')
  await opener().focus()
  await page.keyboard.press('Enter')
  await expect(picker().getByRole('searchbox')).toBeFocused()
  await page.keyboard.type('line')
  await expect(picker().getByLabel('Shop')).toBeHidden()
  const line = picker().getByRole('checkbox', { name: 'Line 1' })
  // Everything, Plants, Hall 7, Line 1: past other nodes, none of which is thereby chosen.
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press('ArrowDown')
  await expect(line).toBeFocused()
  await expect(line).not.toBeChecked()
  await page.keyboard.press('Space')
  await expect(line).toBeChecked()
  await page.keyboard.press('Enter')
  await expect(picker()).toBeHidden()
  await expect(page).toHaveURL(`${estate.plimsoll.url}/?${within('subscription', 'Line 1')}`)
  await expect(opener()).toHaveText('Scope Line 1')
  await expect(opener()).toBeFocused()
})

interface Counted {
  readonly total: number
}

test('every page shows what is in it, as the API counts it, and its links keep to it', async () => {
  const scoped = scopeOf('subscription', 'Line 1')
  const search = within('subscription', 'Line 1')
  const inIt = (path: string) => new RegExp(`${path}\\?(.*&)?${search}(&|$)`)
  const open = { status: 'open' }
  const findings = await estate.ask<Counted>('findings.list', { filter: { ...open, ...scoped } })
  const all = await estate.ask<Counted>('findings.list', { filter: open })
  const images = await estate.ask<Counted>('images.list', scoped)
  expect([findings.total, all.total, images.total]).toEqual([3, 8, 3])

  await expect(page.getByText(`All ${findings.total} open findings can be fixed`)).toBeVisible()
  await page.getByRole('link', { name: '1 Critical finding that an upgrade fixes' }).click()
  await expect(page).toHaveURL(inIt('/findings'))
  await expect(page.getByText('1 open finding', { exact: true })).toBeVisible()

  await openFromRail(page, 'Recommendations')
  await expect(page).toHaveURL(inIt('/recommendations'))
  await page.getByRole('link', { name: 'Vulnerabilities in container registry images' }).click()
  await expect(page.getByRole('link', { name: `${findings.total} in total` })).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Unhealthy registries (1)' })).toBeVisible()
  await expect(page.getByText('3 security checks')).toBeVisible()
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').first().click()
  await expect(page).toHaveURL(inIt('/recommendations'))

  await openFromRail(page, 'Registries')
  await expect(page).toHaveURL(inIt('/registries'))
  await expect(row('presses')).toBeVisible()
  await expect(page.getByRole('row')).toHaveCount(2)
  await row('presses').getByRole('link', { name: '2 vulnerable images' }).click()
  await expect(page).toHaveURL(inIt('/images'))
  await expect(page.getByRole('row')).toHaveCount(3)
  await page.getByRole('button', { name: 'Drop the filter Registry' }).click()
  await page.getByRole('button', { name: 'Drop the filter Result' }).click()
  await expect(page.getByText(`${images.total} images`, { exact: true })).toBeVisible()

  await openFromRail(page, 'Findings')
  await expect(page.getByText(`${findings.total} open findings`)).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search findings' }).fill('perl')
  await page.getByRole('button', { name: 'Drop all filters' }).click()
  await expect(page.getByText(`${findings.total} open findings`)).toBeVisible()
  await expect(page).toHaveURL(inIt('/findings'))

  await openFromRail(page, 'Scans')
  await expect(page.getByRole('link', { name: 'Done 3' })).toBeVisible()
  await openFromRail(page, 'Settings')
  await page.getByRole('link', { name: 'Billing' }).click()
  await expect(row('Line 1')).toContainText('3')
  await expect(page.getByRole('row')).toHaveCount(2)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^JSON/ }).click(),
  ])
  expect(new URL(download.url()).searchParams.get('scope')).toBe(`subscription:${idOf('Line 1')}`)
})

test('an image is shown whole, and a registry that is outside says so and leads to its own rows', async () => {
  await open(`/registries/${idOf('tills')}?${within('subscription', 'Line 1')}`)
  await expect(page.getByText('This is outside of Line 1.')).toBeVisible()
  await page.getByRole('link', { name: '3 of 3 scanned' }).click()
  await expect(page.getByRole('row')).toHaveCount(4)
  await expect(opener()).toHaveText('Scope Everything')
  await open(`/registries/${idOf('presses')}?${within('subscription', 'Line 1')}`)
  await page.getByRole('link', { name: 'press/feed' }).click()
  await page.getByRole('link', { name: '1.0', exact: true }).click()
  await expect(page.getByRole('tab', { name: 'Findings (2)' })).toBeVisible()
  await expect(page.getByText('This is outside of')).toBeHidden()
  await expect(opener()).toHaveText('Scope Line 1')
  // The scope is changed under the image, which stays as it is.
  await choose('Shop', 'Line 1')
  await expect(page.getByText('This is outside of Shop.')).toBeVisible()
  await expect(page.getByText('2 open findings')).toBeVisible()
})

/** Ticks or chooses what is named, and shows it. */
async function choose(...names: string[]): Promise<void> {
  await opener().click()
  for (const name of names) await picker().getByLabel(name).click()
  await picker()
    .getByRole('button', { name: /^Show / })
    .click()
  await expect(picker()).toBeHidden()
}

test('several subscriptions, a group, a registry and everything: Back undoes each, and a copied address shows the same', async () => {
  await open('/images?health=unhealthy&page=2&size=25')
  await choose('Line 2', 'Shop')
  await expect(opener()).toHaveText('Scope 2 subscriptions')
  await expect(opener()).toHaveAttribute('title', 'Line 2 in Plants / Hall 7, Shop')
  // The filter holds, and the list begins at its first row.
  await expect(page).toHaveURL(
    `${estate.plimsoll.url}/images?health=unhealthy&${within('subscription', 'Line 2', 'Shop')}&size=25`,
  )
  await expect(page.getByText('4 images', { exact: true })).toBeVisible()
  await choose('Plants')
  await expect(page.getByText('3 images', { exact: true })).toBeVisible()
  await choose('ovens')
  await expect(page.getByText('1 image', { exact: true })).toBeVisible()
  const address = page.url()
  await choose('Everything')
  await expect(page.getByText('6 images', { exact: true })).toBeVisible()
  await page.goBack()
  await expect(page.getByText('1 image', { exact: true })).toBeVisible()
  await page.goBack()
  await expect(opener()).toHaveText('Scope Plants')
  await expect(page.getByText('3 images', { exact: true })).toBeVisible()
  await page.reload()
  await expect(opener()).toHaveText('Scope Plants')
  await expect(page.getByText('3 images', { exact: true })).toBeVisible()
  const copied = await page.context().newPage()
  await copied.goto(address)
  await expect(copied.getByRole('button', { name: 'Scope ovens' })).toBeVisible()
  await expect(copied.getByText('1 image', { exact: true })).toBeVisible()
  await copied.close()
})

test('where nothing is in it, that is said, and everything is one click away', async () => {
  const lab = within('subscription', 'Lab')
  for (const path of [
    '/',
    '/recommendations/container-images',
    '/registries',
    '/images',
    '/findings',
    '/rules',
    '/scans',
    '/settings/registries',
  ]) {
    await open(`${path}?${lab}`)
    await expect(page.getByText('Nothing in Lab'), path).toBeVisible()
  }
  await page.getByRole('link', { name: 'Show everything' }).click()
  await expect(row('presses')).toBeVisible()
  await expect(page).toHaveURL(`${estate.plimsoll.url}/settings/registries`)
})

test('a scope that is not there is told once, and one that means nothing is ignored and named', async () => {
  await open('/?scope=subscription:scrapped')
  await expect(
    page.getByText('This address is narrowed to subscription scrapped, which is not there'),
  ).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(1)
  await page.getByRole('link', { name: 'Show everything' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await open('/findings?scope=planet:earth')
  await expect(page.getByText('Ignored filter scope=planet:earth')).toHaveCount(1)
  await expect(page.getByText(/^\d+ open findings$/)).toBeVisible()
})

test('the picker can be used on a narrow screen, and breaks no rule in light or dark', async () => {
  await open(`/?${within('subscription', 'Line 1')}`)
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await opener().click()
    await expect(picker().getByLabel('Line 1')).toBeChecked()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect.soft(await violations(page), `${colorScheme}, ${width} px`).toEqual([])
    }
    await page.keyboard.press('Escape')
    await expect(opener()).toBeFocused()
  }
  await choose('Line 2')
  await expect(page.getByText('Scope 2 subscriptions').last()).toBeVisible()
})

test('what is done with all that failed is done within it alone, and says so', async () => {
  const tar = Buffer.alloc(20_000)
  const broken = imageOf([{ tar, stored: gzipSync(tar).subarray(0, 30) }])
  for (const name of ['presses', 'tills']) {
    await pushImage(estate.registries.get(name)?.url ?? '', 'broken', '1.0', broken)
    await estate.tell('registries.reconcile', { registryId: idOf(name) })
  }
  await expect(async () => {
    const { states } = await estate.ask<{ states: { failed: number } }>('scans.list')
    expect(states.failed).toBe(2)
  }).toPass({ timeout: 60_000 })
  await open(`/scans?${within('subscription', 'Line 1')}&state=failed`)
  await expect(page.getByRole('link', { name: 'Failed 1' })).toBeVisible()
  const retry = page.getByRole('button', { name: 'Retry all failed' })
  await expect(retry).toHaveAttribute('title', /each image in Line 1 whose/)
  await retry.click()
  await expect(page.getByText('1 scan asked for.')).toBeVisible()
})

test('who has to sign in first comes to the same scope', async ({ browser }) => {
  const stranger = await (await browser.newContext()).newPage()
  await stranger.goto(`${estate.plimsoll.url}/findings?${within('registry', 'ovens')}`)
  await stranger.getByLabel('E-mail address').fill('grace@example.com')
  await stranger.getByLabel('Password').fill('a-nanosecond-of-wire')
  await stranger.getByRole('button', { name: 'Sign in' }).click()
  await expect(stranger.getByRole('button', { name: 'Scope ovens' })).toBeVisible()
  await expect(stranger).toHaveURL(`${estate.plimsoll.url}/findings?${within('registry', 'ovens')}`)
  await stranger.context().close()
})

test('rules that hold elsewhere are not listed, and a new one is put where one looks', async () => {
  for (const [name, place] of [
    ['Of the shop', 'Shop'],
    ['Of line 2', 'Line 2'],
  ] as const) {
    await estate.tell('rules.create', {
      name,
      scope: { kind: 'subscription', id: idOf(place) },
      criteria: { cves: ['CVE-2026-57432'] },
      reason: 'false-positive',
    })
  }
  const listed = await estate.ask<{ rows: { name: string }[] }>(
    'rules.list',
    scopeOf('subscription', 'Line 2'),
  )
  expect(listed.rows.map(({ name }) => name)).toEqual(['Of line 2'])
  await open(`/rules?${within('subscription', 'Line 2')}`)
  await expect(row('Of line 2')).toBeVisible()
  await expect(row('Of the shop')).toBeHidden()
  await page.getByRole('link', { name: 'Create rule' }).click()
  await expect(page.getByRole('radio', { name: 'Line 2' })).toBeChecked()
  await page.getByRole('link', { name: 'Cancel' }).click()
  await expect(page).toHaveURL(`${estate.plimsoll.url}/rules?${within('subscription', 'Line 2')}`)
  await row('Of line 2').getByRole('link', { name: '1', exact: true }).click()
  await expect(page.getByText('1 disabled finding', { exact: true })).toBeVisible()
})
