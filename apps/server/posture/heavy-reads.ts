import type { Charge, RuleListInput, Scope } from '@plimsoll/types'
import { type ChargeFilter, listCharges, listMonths } from '../billing/ledger.ts'
import type { Db } from '../db/open.ts'
import { chosenVulnerabilities } from '../findings/choice.ts'
import { listScans } from '../jobs/list.ts'
import { imagesOfChosen, scansOfChosen } from '../jobs/request-chosen.ts'
import { rulesAtPlaces } from '../rules/at-places.ts'
import { disablingRules } from '../rules/disabling.ts'
import { findRule, listRules } from '../rules/list.ts'
import { ruleOfFilter } from '../rules/of-filter.ts'
import { type PreviewInput, previewChange } from '../rules/preview.ts'
import { getSubscription, scopeTree } from '../scopes/tree.ts'
import { listImages } from './images.ts'
import { getOverview } from './overview.ts'
import { raiseScore } from './raise.ts'
import { type HeavyRequest, startReadThread } from './read-thread.ts'
import { getRecommendation, listRecommendations, type RecommendationListInput } from './recommendation.ts'
import { getRegistry, listRegistries } from './registries.ts'
import { getRepository, listRepositories } from './repositories.ts'
import { takeSnapshot } from './score-snapshot.ts'
import { scoreTrend } from './score-trend.ts'
import { listSecurityChecks, securityChecksAfter } from './security-checks.ts'

/**
 * Reads that go over all there is of something, and take longer than everybody else should wait meanwhile: they are done
 * in threads of their own.
 */

export interface ChargePage {
  readonly rows: Charge[]
  readonly total: number
}

/** Over every open finding or every charge, of which there are half a million. */
const ofFindings = {
  overview: getOverview,
  raise: raiseScore,
  securityChecks: listSecurityChecks,
  securityChecksAfter,
  months: listMonths,
  charges: (db: Db, input: ChargeFilter & { readonly page: number; readonly size: number }): ChargePage =>
    listCharges(db, input),
  rules: (db: Db, { now, ...input }: AtTime & RuleListInput) => listRules(db, input, new Date(now)),
  rulesAtPlaces: (db: Db, { now }: AtTime) => rulesAtPlaces(db, new Date(now)),
  rule: (db: Db, { id, now }: AtTime & { readonly id: string }) => findRule(db, id, new Date(now)),
  ruleOfFilter,
  disablingRules,
  chosenVulnerabilities,
  imagesOfChosen,
  scansOfChosen,
  rulePreview: (db: Db, { now, ...input }: AtTime & PreviewInput) => previewChange(db, input, new Date(now)),
}

/** Rules end by a clock. */
export interface AtTime {
  /** ISO 8601. */
  readonly now: string
}

/** Over every image or every scan: a fraction of a second with 100,000 images, and most pages ask for one of them. */
const ofImages = {
  scoreSnapshot: takeSnapshot,
  trend: scoreTrend,
  recommendations: (db: Db, { now, ...input }: AtTime & Omit<RecommendationListInput, 'now'>) =>
    listRecommendations(db, { ...input, now: new Date(now) }),
  recommendation: (db: Db, { now, scope }: AtTime & { readonly scope?: Scope | undefined }) =>
    getRecommendation(db, scope, new Date(now)),
  registries: listRegistries,
  registry: getRegistry,
  repositories: listRepositories,
  repository: getRepository,
  images: listImages,
  scans: listScans,
  tree: scopeTree,
  subscription: getSubscription,
}

const reads = { ...ofFindings, ...ofImages }
type Reads = typeof reads

/** Each is as the function above it is named for, without the database. @throws what that throws. */
export type HeavyReads = {
  readonly [Name in keyof Reads]: Reads[Name] extends (db: Db, ...input: infer Input) => infer Answer
    ? (...input: Input) => Promise<Answer>
    : never
}

export const answerHeavy = (db: Db, { read, input }: HeavyRequest): unknown =>
  (reads[read as keyof Reads] as (db: Db, ...input: readonly unknown[]) => unknown)(db, ...input)

const readsBy = (ask: (request: HeavyRequest) => Promise<unknown>): HeavyReads =>
  Object.fromEntries(
    Object.keys(reads).map(read => [read, (...input: readonly unknown[]) => ask({ read, input })]),
  ) as unknown as HeavyReads

/** The same in the caller's thread, for tests: a database in memory is in one thread alone. */
export const heavyReadsInline = (db: Db): HeavyReads => readsBy(async request => answerHeavy(db, request))

export type HeavyReadsThreads = HeavyReads & { stop(): Promise<void> }

/**
 * One thread; once a read took long there, a second one for lists, so that they need not wait for what goes over every
 * finding. Most installations never need it.
 */
export function startHeavyReads(dataDir: string, { longMs = 250 } = {}): HeavyReadsThreads {
  const [thread, ofLists] = [startReadThread(dataDir), startReadThread(dataDir)]
  thread.warmUp()
  const isForLists = ({ read }: HeavyRequest): boolean => !(read in ofFindings) && thread.longestMs() > longMs
  return {
    ...readsBy(request => (isForLists(request) ? ofLists : thread).ask(request)),
    async stop() {
      await Promise.all([thread.stop(), ofLists.stop()])
    },
  }
}
