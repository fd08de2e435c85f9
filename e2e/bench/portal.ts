import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import config from '../playwright.config.ts'
import { startFleet } from '../rig/fleet.ts'
import { enterAsAda } from '../rig/steps.ts'
import { type Felt, feltBy, untilPainted, watchFeeling } from './felt.ts'
import { median, row } from './figures.ts'

/**
 * What a person waits for in the portal with 100,000 findings: answers of the API over HTTP, and the page of findings in
 * a browser that has nothing of it, beside a bare page of as many rows, in the same run. Prints figures and asserts none.
 */
const runs = 5
const asks = 40
const plimsoll = await startFleet({ images: 1000, findingsPerImage: 100, matches: 3000 })
const browser = await chromium.launch(config.use?.launchOptions)
const signedIn = await browser.newContext()
const api = await enterAsAda(signedIn, plimsoll)
const storageState = await signedIn.storageState()

type Asked = NonNullable<Parameters<typeof api.findings.list.query>[0]>
const lists: readonly (readonly [string, Asked])[] = [
  ['findings, the first page', {}],
  ['findings, page 1,000', { page: 1000 }],
  ['findings of one severity', { filter: { severity: ['Critical'] } }],
  ['findings in the order of CVEs', { sort: 'cve' }],
  ['findings by free text', { filter: { q: 'source-12' } }],
  ['findings within a registry', { filter: { scope: { kind: 'registry', ids: ['registry-7'] } } }],
]
const rule = (criteria: object) => ({
  name: 'bench',
  scope: { kind: 'tenant' as const, id: 'tenant' },
  criteria,
})
const previews = [
  ['preview of a rule: below High', rule({ severityBelow: 'High' })],
  ['preview of a rule: one package', rule({ packages: ['source-12'] })],
] as const

console.log(`\nThe API with 100,000 findings, over HTTP, ${asks} times each`)
console.table([
  ...(await inTurn(lists, async ([name, input]) =>
    answered(name, await timesOf(asks, () => api.findings.list.query(input)), '100 ms'),
  )),
  // Another name each time: the same question would be answered from memory.
  ...(await inTurn(previews, async ([name, asked]) =>
    answered(
      name,
      await timesOf(asks, at => api.rules.preview.query({ rule: { ...asked, name: `bench ${at}` } })),
      '300 ms',
    ),
  )),
])

const bare = createServer((_request, response) => {
  const line = `<tr>${'<td>A cell of a bare page</td>'.repeat(9)}</tr>`
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(`<!doctype html><title>Bare</title><table>${line.repeat(50)}</table>`)
}).listen(0, '127.0.0.1')
await new Promise(resolve => bare.once('listening', resolve))
const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`

const bareFelt = await feltCold(bareUrl, async () => undefined)
const felt = await feltCold(`${plimsoll.url}/findings`, usePage)
const of = (all: readonly Felt[], figure: keyof Felt): number[] => all.map(each => each[figure])
console.log(`\nThe page of findings with 100,000 of them, nothing of it cached, ${runs} runs`)
console.table([
  row('LCP of a bare page of 50 rows', of(bareFelt, 'lcpMs'), 'ms', '-'),
  row('LCP', of(felt, 'lcpMs'), 'ms', '1000 ms'),
  row('longest interaction', of(felt, 'inpMs'), 'ms', '100 ms'),
  row('layout shift', of(felt, 'shift'), '', '0.02'),
])
console.log(`LCP / bare page: ${(median(of(felt, 'lcpMs')) / median(of(bareFelt, 'lcpMs'))).toFixed(1)}`)
bare.close()
await browser.close()
await plimsoll.stop()

/** Sorts, turns the page, opens and closes the pane, chooses all rows. */
async function usePage(page: Page): Promise<void> {
  const rows = page.getByRole('row')
  const settled = () => page.locator('table[aria-busy="true"]').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'CVSS' }).click()
  await page.waitForURL(/sort=-cvss/)
  await settled()
  await page.getByRole('button', { name: 'Next page' }).click()
  await page.waitForURL(/page=2/)
  await settled()
  await rows.nth(1).getByRole('link').first().click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
  await page.getByRole('region', { name: 'Selected findings' }).waitFor()
}

async function feltCold(url: string, use: (page: Page) => Promise<void>): Promise<Felt[]> {
  return await inTurn(Array.from({ length: runs }), async () => {
    const context: BrowserContext = await browser.newContext({
      storageState,
      viewport: { width: 1440, height: 900 },
    })
    const page = await context.newPage()
    await watchFeeling(page)
    await page.goto(url)
    await page.getByRole('row').nth(49).waitFor()
    await untilPainted(page)
    await use(page)
    const figures = await feltBy(page)
    await context.close()
    return figures
  })
}

async function timesOf(count: number, ask: (at: number) => Promise<unknown>): Promise<number[]> {
  return await inTurn(Array.from({ length: count }), async (_, at) => {
    const from = performance.now()
    await ask(at)
    return performance.now() - from
  })
}

function answered(question: string, times: readonly number[], goal: string) {
  const sorted = times.toSorted((a, b) => a - b)
  return {
    question,
    'median ms': median(sorted).toFixed(1),
    'p95 ms': (sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0).toFixed(1),
    goal,
  }
}

/** One after the other: side by side they would wait for each other. */
async function inTurn<Item, Result>(
  items: readonly Item[],
  run: (item: Item, at: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const [at, item] of items.entries()) results.push(await run(item, at))
  return results
}
