import type { RecommendationDetail, RecommendationSummary } from '@plimsoll/types'
import type { Db } from '../db/open.ts'

export function listRecommendations(_db: Db): RecommendationSummary[] {
  throw new Error('not written yet')
}

export function getRecommendation(_db: Db): RecommendationDetail {
  throw new Error('not written yet')
}
