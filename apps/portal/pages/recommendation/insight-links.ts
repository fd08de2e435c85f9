import type { Insights } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { count, counted } from '../../lib/quantity.ts'

interface InsightLink {
  readonly text: string
  readonly to: string
}

/** Each in few words and with the way to the rows that it counts; those that count nothing are left out. */
export function insightLinks({ knownExploited, fixable, rulesEnding }: Insights): InsightLink[] {
  const ending = rulesEnding === 1 ? 'ends' : 'end'
  return [
    knownExploited === null && {
      text: 'No list of known exploited ones imported',
      to: `${paths.settings}#threats`,
    },
    knownExploited !== null &&
      knownExploited > 0 && {
        text: `${count(knownExploited)} known exploited`,
        to: findingsPath({ kev: true }),
      },
    fixable > 0 && { text: `${count(fixable)} can be fixed`, to: findingsPath({ fix: 'available' }) },
    rulesEnding > 0 && {
      text: `${counted(rulesEnding, 'rule')} ${ending} within 14 days`,
      to: paths.rulesOf({ status: 'expiring' }),
    },
  ].filter(link => link !== false)
}
