import type { RecommendationDetail } from '@plimsoll/types'
import { count, counted } from '../../lib/quantity.ts'
import { copy } from './copy.ts'

/** How old a result of an image in use may be: `7 days`, or `1 to 30 days` where subscriptions differ. */
export function freshnessWords(days: RecommendationDetail['freshnessDays']): string {
  if (days === null) return copy.neverRescanned
  const { least, most } = days
  return least === most ? counted(most, 'day') : `${count(least)} to ${counted(most, 'day')}, by subscription`
}
