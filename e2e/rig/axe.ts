import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Colours that are on their way from one scheme to the other are neither's. */
const settled = `Promise.all(
  document.getAnimations()
    .filter(one => Number.isFinite(one.effect?.getComputedTiming().endTime))
    .map(one => one.finished.catch(() => null)),
).then(() => null)`

/** What axe objects to, one line each: the rule and where. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(settled)
  const { violations: found } = await new AxeBuilder({ page }).withTags(wcag).analyze()
  return found.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')}`))
}
