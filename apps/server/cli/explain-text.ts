import type { ExplainAnswer, ExplainStep, Explanation } from '@plimsoll/types'
import { counted, plain } from './print.ts'

/** More steps are of more packages and builds; the first say what there is to say. */
const maxSteps = 10

/** An answer for people. @param heading which image it is about, where there are several. */
export function explainText(answer: ExplainAnswer, heading: string | null): string {
  const { sentence, aliases, steps, stepsTotal } = answer
  const shown = steps.slice(0, maxSteps)
  const more = stepsTotal - shown.length
  return [
    ...(heading === null ? [] : [`${plain(heading)}:`]),
    plain(sentence),
    ...(aliases.length === 0 ? [] : [`Also known as ${aliases.map(plain).join(', ')}.`]),
    ...shown.flatMap(step => ['', ...stepLines(step)]),
    ...(more > 0 ? ['', `And ${counted(more, 'more comparison')}.`] : []),
  ].join('\n')
}

function stepLines(step: ExplainStep): string[] {
  const where = [step.path, step.layer === null ? null : `layer ${step.layer}`].filter(Boolean).join(', ')
  const lines = [
    `${step.advisoryId}, ${step.feed}, ${step.packageName}: ${step.outcome}`,
    `  ${step.sentence}`,
    ...step.comparisons.map(one => `  ${comparisonText(one)}`),
    ...(where === '' ? [] : [`  found in ${where}`]),
    ...(step.instruction === null ? [] : [`  brought by ${step.instruction}`]),
  ]
  return lines.map(plain)
}

/** "deb order: installed 3.0.9-1, from 0, below 3.0.11-1". */
function comparisonText(one: Explanation): string {
  const bounds = [
    one.introduced === null ? null : `from ${one.introduced}`,
    one.fixed === null ? null : `below ${one.fixed}`,
    one.lastAffected === null ? null : `up to ${one.lastAffected}`,
    one.listed ? 'listed by itself' : null,
    one.module === null ? null : `in module ${one.module}`,
  ].filter(Boolean)
  return `affected ${bounds.join(', ')}; installed ${one.installed}, in the order of ${one.comparator}`
}
