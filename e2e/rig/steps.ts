import { expect, type Page } from '@playwright/test'

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

/** Opens a page of the left rail. */
export async function openFromRail(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
}

/** Waits on the page of scans, which follows them live, until every sample image was scanned. */
export async function allSamplesScanned(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/scans`)
  await expect(page.getByRole('row')).toHaveCount(1 + sampleImages)
  await expect(page.getByText('Idle: nothing is waiting.')).toBeVisible()
}

/** Images of the demonstration, by apps/server/demo/specifications. */
const sampleImages = 12
