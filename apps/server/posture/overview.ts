import type { Overview, Scope } from '@plimsoll/types'
import { listFeeds, listImports } from '../advisories/status.ts'
import { threatLists } from '../advisories/threats.ts'
import type { Db } from '../db/open.ts'
import { topImages } from './images.ts'
import { totals } from './recommendation.ts'
import { listRegistries } from './registries.ts'
import { countRegistries, secureScore } from './score.ts'
import { listSecurityChecks } from './security-checks.ts'

export function getOverview(db: Db, scope?: Scope): Overview {
  const registries = countRegistries(listRegistries(db, scope))
  return {
    score: secureScore(registries),
    ...totals(db, scope),
    registries,
    topImages: topImages(db, 5, scope),
    topChecks: listSecurityChecks(db, { scope, tab: 'findings', sort: '-severity', page: 1, size: 5 }).rows,
    feeds: listFeeds(db),
    imports: listImports(db),
    threatLists: threatLists(db),
  }
}
