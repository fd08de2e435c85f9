import type { Explanation } from '@plimsoll/types'

/** One comparison that held: `3.0.8-1 < 3.0.9-1`, with what its right side is. */
export interface Comparison {
  readonly installed: string
  readonly operator: '<' | '≤' | '≥' | '='
  readonly other: string
  readonly meaning: string
}

/**
 * The comparisons by which an advisory applies, in the order they are read. An advisory that names neither a fix nor a
 * last affected version compares nothing (but perhaps where it begins): all versions are affected.
 */
export function comparisons(explanation: Explanation): readonly Comparison[] {
  const { installed, introduced, fixed, lastAffected, listed } = explanation
  if (listed)
    return [{ installed, operator: '=', other: installed, meaning: 'one of the versions the advisory lists' }]
  const held: Comparison[] = []
  // OSV's "0" is before every version, so it compares nothing (https://ossf.github.io/osv-schema/#affectedrangesevents-fields).
  if (introduced !== null && introduced !== '0') {
    held.push({ installed, operator: '≥', other: introduced, meaning: 'the first affected version' })
  }
  if (fixed !== null) held.push({ installed, operator: '<', other: fixed, meaning: 'the fixed version' })
  else if (lastAffected !== null)
    held.push({ installed, operator: '≤', other: lastAffected, meaning: 'the last affected version' })
  return held
}

/** Whether the advisory gives no end to the affected versions. */
export const isOpenEnded = (explanation: Explanation): boolean =>
  !explanation.listed && explanation.fixed === null && explanation.lastAffected === null

/** The versions an advisory is about, in words; says nothing of whether the installed one is among them. */
export function affectedVersions({ introduced, fixed, lastAffected, listed }: Explanation): string {
  if (listed) return 'the versions that the advisory lists'
  const from = introduced === null || introduced === '0' ? null : `from ${introduced}`
  const to =
    fixed !== null ? `below ${fixed}` : lastAffected !== null ? `up to ${lastAffected}, included` : null
  if (from === null && to === null) return 'all versions'
  return [from, to].filter(part => part !== null).join(' and ') + (to === null ? ' on' : '')
}
