import type { HeavyReads } from '../posture/heavy-reads.ts'
import type { RuleKeeper } from '../rules/keeper.ts'
import type { ExportDeps } from './answer.ts'

/** What exports of counts need: they go over all images, and rules may have ended since. */
export interface PostureExportDeps extends ExportDeps {
  readonly heavyReads: Pick<HeavyReads, 'recommendations' | 'registries' | 'securityChecksAfter'>
  readonly rules: Pick<RuleKeeper, 'upToDate'>
}
