import type { Page } from '@playwright/test'

/** How a page felt, by what the browser noted: web.dev's vitals. */
export interface Felt {
  /** Largest Contentful Paint, milliseconds from the navigation. */
  readonly lcpMs: number
  /** The longest interaction, from the input to the next frame, milliseconds in steps of 8. */
  readonly inpMs: number
  /** All layout shifts together, without those that follow an input: never less than CLS, which is the worst of them within five seconds. */
  readonly shift: number
}

/** Has a page note it, from its next navigation on. Its own script cannot see what the browser does, so it is written as text. */
export const watchFeeling = (page: Page): Promise<unknown> =>
  page.addInitScript(`
    const felt = { lcpMs: 0, inpMs: 0, shift: 0 }
    globalThis.felt = felt
    const watch = (type, more, note) => new PerformanceObserver(list => list.getEntries().forEach(note))
      .observe({ type, buffered: true, ...more })
    watch('largest-contentful-paint', {}, entry => { felt.lcpMs = entry.startTime })
    watch('layout-shift', {}, entry => { if (!entry.hadRecentInput) felt.shift += entry.value })
    watch('event', { durationThreshold: 16 }, entry => {
      if (entry.interactionId > 0) felt.inpMs = Math.max(felt.inpMs, entry.duration)
    })`)

/** When what is on the page was painted and told to those who watch. */
export const untilPainted = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    `new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50))))
      .then(() => globalThis.felt.lcpMs > 0)`,
  )

export async function feltBy(page: Page): Promise<Felt> {
  await untilPainted(page)
  return await page.evaluate<Felt>('globalThis.felt')
}
