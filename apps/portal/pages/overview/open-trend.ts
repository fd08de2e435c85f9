import type { ScorePoint, Severity } from '@plimsoll/types'
import { count, counted } from '../../lib/quantity.ts'
import { severities, totalOf } from '../../lib/severity.ts'
import { assessedPoints, daysBetween } from './trend.ts'

/** How the open findings went, as chart, table and sentence say it. */

/** Height of the chart in pixels, kept free while its code is on the way. */
export const openHeight = 208

/** What the chart shows, said in a sentence: of the worst severity that changed, from where to where. */
export function openSentence(all: readonly ScorePoint[]): string {
  const points = assessedPoints(all)
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return 'No image has been assessed yet'
  const total = totalOf(last.open)
  if (points.length === 1) return `${findings(total)} on the first day`
  const days = counted(daysBetween(first.day, last.day), 'day')
  const changed = severities.find(severity => first.open[severity] !== last.open[severity])
  if (changed !== undefined) {
    const [from, to] = [first.open[changed], last.open[changed]]
    const which = changed === 'Unknown' ? 'Findings of unknown severity' : `${changed} findings`
    return `${which} ${to > from ? 'rose' : 'fell'} from ${count(from)} to ${count(to)} in ${days}`
  }
  return points.every(({ open }) => severities.every(severity => open[severity] === last.open[severity]))
    ? `${findings(total)} for ${days}, with no change`
    : `${findings(total)}, as ${days} ago`
}

const findings = (total: number): string => (total === 0 ? 'No open finding' : counted(total, 'open finding'))

/** The severities that have anything to show, the worst first. */
export const shownSeverities = (all: readonly ScorePoint[]): readonly Severity[] =>
  severities.filter(severity => all.some(({ open }) => open[severity] > 0))

/** The next number above that is round, and whose half is whole. */
export function roundAbove(value: number): number {
  if (value <= 8) return Math.max(2, 2 * Math.ceil(value / 2))
  const unit = 10 ** Math.floor(Math.log10(value))
  const steps = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10]
  return Math.round(unit * (steps.find(step => unit * step >= value) ?? 10))
}

/**
 * Where labels of some height come to stand, each as near to where it wants to be as the others let it.
 * @param wanted from the top down. @param bottom no label goes below it.
 */
export function spread(wanted: readonly number[], height: number, bottom: number): number[] {
  const down: number[] = []
  for (const at of wanted) down.push(Math.max(at, (down.at(-1) ?? -Infinity) + height))
  const up: number[] = []
  for (const at of down.toReversed()) up.push(Math.min(at, (up.at(-1) ?? bottom + height) - height))
  return up.toReversed()
}
