import type { Page } from '@playwright/test'

/** How a page felt, by what the browser noted: web.dev's vitals. */
export interface Felt {
  /** Largest Contentful Paint, milliseconds from the navigation. */
  readonly lcpMs: number
  /** The longest interaction, from the input to the next frame, milliseconds in steps of 8. */
  readonly inpMs: number
  /** Cumulative Layout Shift, without what follows an input. */
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

export const feltBy = (page: Page): Promise<Felt> => page.evaluate<Felt>('globalThis.felt')
