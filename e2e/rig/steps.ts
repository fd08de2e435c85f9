import { type BrowserContext, expect, type Page } from '@playwright/test'
import { type Api, firstAdmin } from '../../apps/server/testdata/server-process.ts'
import type { PlimsollServer } from './plimsoll-server.ts'
import { sampleImages } from './stocked.ts'

/** Signs in as the demonstration offers it, and waits for the overview. */
export async function viewAs(
  page: Page,
  url: string,
  role: 'Security Reader' | 'Security Admin',
): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByRole('button', { name: `View as ${role}` }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
}

/** Makes the first account by the one-time link that the terminal shows, and waits for the overview. */
export async function becomeFirstAdmin(page: Page, plimsoll: PlimsollServer): Promise<void> {
  const [link] = /http:\S+\/sign-in\S+/.exec(plimsoll.output()) ?? []
  expect(link).toBeDefined()
  await page.goto(link ?? '')
  await page.getByLabel('Name').fill('Grace Hopper')
  await page.getByLabel('E-mail address').fill('grace@example.com')
  await page.getByLabel('Password').fill('a-nanosecond-of-wire')
  await page.getByRole('button', { name: 'Set up the account' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
}

/** The same without the page of it: the first account is Ada, who is signed in to the context. @returns the API as hers. */
export async function enterAsAda(context: BrowserContext, plimsoll: PlimsollServer): Promise<Api> {
  const { api, cookie } = await firstAdmin(plimsoll)
  const cookies = cookie().split('; ')
  await context.addCookies(
    cookies.map(pair => {
      const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? []
      return { name, value, url: plimsoll.url }
    }),
  )
  return api
}

/** Opens a page of the left rail. */
export async function openFromRail(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
}

/** Opens a sample image's page by its name, and a tab of it. */
export async function openSample(page: Page, url: string, name: string, search = ''): Promise<void> {
  await page.goto(url + (await samplePath(page, url, name)) + search)
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

/** The address of a sample image's page; digests are no fixed names. */
export async function samplePath(page: Page, url: string, name: string): Promise<string> {
  const input = encodeURIComponent(JSON.stringify({ size: 200 }))
  const answer = await page.request.get(`${url}/api/trpc/images.list?input=${input}`)
  const { result } = (await answer.json()) as { result: { data: { rows: SampleRow[] } } }
  const row = result.data.rows.find(
    ({ repository, tags }) => name.startsWith(`${repository}:`) && tags.includes(name.split(':')[1] ?? ''),
  )
  if (row === undefined) throw new Error(`there is no sample ${name}`)
  return `/registries/${row.registryId}/images/${row.digest}?repo=${encodeURIComponent(row.repository)}`
}

interface SampleRow {
  readonly registryId: string
  readonly repository: string
  readonly digest: string
  readonly tags: readonly string[]
}

/** Waits on the page of scans, which follows them live, until every sample image was scanned. */
export async function allSamplesScanned(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/scans`)
  await expect(page.getByRole('row')).toHaveCount(1 + sampleImages)
  await expect(page.getByText('Idle: nothing is waiting.')).toBeVisible({ timeout: 60_000 })
}
