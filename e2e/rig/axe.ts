import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * What axe objects to, one line each: the rule and where. Colours that are on their way from one scheme to the other are
 * neither's, so what it objects to at first is looked at once more; what is wrong is wrong then too.
 */
export async function violations(page: Page): Promise<string[]> {
  const first = await look(page)
  return first.length === 0 ? first : await look(page)
}

/** In the page itself, which holds no frames, and without telling of all that is right: a third of the work. */
async function look(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .options({ runOnly: { type: 'tag', values: wcag }, resultTypes: ['violations'] })
    .setLegacyMode()
    .analyze()
  return found.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')}`))
}
