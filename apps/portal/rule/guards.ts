import type { RulePreview } from '@plimsoll/types'
import { count, counted } from '../lib/quantity.ts'

/** A rule that disables more than this part of all open findings is asked about. */
const largePart = 0.25

/** What to think of twice before a rule is saved, each a sentence. */
export function guardsOf(preview: RulePreview, changes: boolean): readonly string[] {
  const { disables, reopens, alreadyDisabled, bySeverity, knownExploited, openTotal, openCritical } = preview
  const guards: string[] = []
  if (knownExploited > 0) {
    guards.push(
      `${count(knownExploited)} of them ${knownExploited === 1 ? 'is' : 'are'} known to be exploited.`,
    )
  }
  if (openCritical > 0 && bySeverity.Critical >= openCritical) {
    guards.push(
      openCritical === 1
        ? 'It disables the only Critical finding that is open.'
        : `It disables all ${count(openCritical)} Critical findings that are open.`,
    )
  }
  if (openTotal > 0 && disables > openTotal * largePart) {
    guards.push(
      `It disables ${Math.floor((disables / openTotal) * 100)} % of all ${counted(openTotal, 'open finding')}.`,
    )
  }
  if (disables + alreadyDisabled + (changes ? reopens : 0) === 0) {
    guards.push('It matches nothing now. Look for a typing error, in the criteria and in where it holds.')
  }
  return guards
}

/** Whether a count moved by more than a tenth of what was shown. */
export const movedMuch = (shown: number, now: number): boolean => Math.abs(now - shown) > shown / 10
