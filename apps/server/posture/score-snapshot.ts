import {
  type ImageCounts,
  type RegistrySummary,
  type Scope,
  type ScorePoint,
  type Severity,
  severities,
} from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { snapshotWithin } from '../scopes/within.ts'
import { listRegistries } from './registries.ts'
import { countRegistries, secureScore } from './score.ts'

/** A row of score_snapshot, without its day; what names its registry is absent in a sum of several. */
interface Snapshot {
  readonly registriesUnhealthy: number
  readonly registriesHealthy: number
  readonly registriesNotApplicable: number
  readonly imagesUnhealthy: number
  readonly imagesHealthy: number
  readonly imagesUndecided: number
  readonly imagesNotApplicable: number
  readonly imagesNotScanned: number
  readonly imagesFailed: number
  readonly openCritical: number
  readonly openHigh: number
  readonly openMedium: number
  readonly openLow: number
  readonly openUnknown: number
  readonly fixable: number
  readonly disabled: number
}
export type RegistrySnapshot = Snapshot & { readonly subscriptionId: string; readonly registryId: string }

const columns = {
  registriesUnhealthy: 'registries_unhealthy',
  registriesHealthy: 'registries_healthy',
  registriesNotApplicable: 'registries_not_applicable',
  imagesUnhealthy: 'images_unhealthy',
  imagesHealthy: 'images_healthy',
  imagesUndecided: 'images_undecided',
  imagesNotApplicable: 'images_not_applicable',
  imagesNotScanned: 'images_not_scanned',
  imagesFailed: 'images_failed',
  openCritical: 'open_critical',
  openHigh: 'open_high',
  openMedium: 'open_medium',
  openLow: 'open_low',
  openUnknown: 'open_unknown',
  fixable: 'fixable',
  disabled: 'disabled',
} as const satisfies Record<keyof Snapshot, string>
const names = Object.keys(columns) as (keyof Snapshot)[]

/** How each registry stands now. Goes over all images. */
export const takeSnapshot = (db: Db, scope?: Scope): RegistrySnapshot[] =>
  listRegistries(db, scope).map(snapshotOf)

function snapshotOf(registry: RegistrySummary): RegistrySnapshot {
  const { unhealthy, healthy, notApplicable } = countRegistries([registry])
  // Where the plan is off, images and findings count nowhere.
  const counts = (number: number): number => (registry.plan === 'on' ? number : 0)
  const images = (health: keyof ImageCounts): number => counts(registry.images[health])
  const open = (severity: Severity): number => counts(registry.findings.open[severity])
  return {
    subscriptionId: registry.subscription.id,
    registryId: registry.id,
    registriesUnhealthy: unhealthy,
    registriesHealthy: healthy,
    registriesNotApplicable: notApplicable,
    imagesUnhealthy: images('unhealthy'),
    imagesHealthy: images('healthy'),
    imagesUndecided: images('undecided'),
    imagesNotApplicable: images('notApplicable'),
    imagesNotScanned: images('notScanned'),
    imagesFailed: images('failed'),
    openCritical: open('Critical'),
    openHigh: open('High'),
    openMedium: open('Medium'),
    openLow: open('Low'),
    openUnknown: open('Unknown'),
    fixable: counts(sum(severities, severity => registry.findings.patchable[severity])),
    disabled: counts(registry.findings.disabled),
  }
}

/** Writes a day's snapshot over what was written of it before. @param day in UTC. */
export function storeSnapshot(db: Db, day: string, snapshots: readonly RegistrySnapshot[]): void {
  inTransaction(db, () => {
    prepared(db, 'delete from score_snapshot where day = ?').run(day)
    const insert = prepared(
      db,
      `insert into score_snapshot (day, subscription_id, registry_id, ${names.map(name => columns[name]).join(', ')})
       values (@day, @subscriptionId, @registryId, ${names.map(name => `@${name}`).join(', ')})`,
    )
    for (const snapshot of snapshots) insert.run({ day, ...snapshot })
  })
}

/** The days from `since` to before `until`, all registries of a scope together. */
export function storedPoints(db: Db, since: string, until: string, scope?: Scope): ScorePoint[] {
  const sums: SQL = sql.raw(names.map(name => `sum(${columns[name]}) "${name}"`).join(', '))
  const rows = db.all<Snapshot & { day: string }>(sql`
    select day, ${sums} from score_snapshot ss
    where day >= ${since} and day < ${until} and ${snapshotWithin(scope)} group by day order by day`)
  return rows.map(({ day, ...row }) => pointOf(day, [row]))
}

/** Several subscriptions weigh by their assessed registries, which is the score of the sums. */
export function pointOf(day: string, snapshots: readonly Snapshot[]): ScorePoint {
  const total = (name: keyof Snapshot): number => sum(snapshots, one => one[name])
  const registries = {
    unhealthy: total('registriesUnhealthy'),
    healthy: total('registriesHealthy'),
    notApplicable: total('registriesNotApplicable'),
  }
  return {
    day,
    score: secureScore(registries),
    registries,
    images: {
      unhealthy: total('imagesUnhealthy'),
      healthy: total('imagesHealthy'),
      undecided: total('imagesUndecided'),
      notApplicable: total('imagesNotApplicable'),
      notScanned: total('imagesNotScanned'),
      failed: total('imagesFailed'),
    },
    open: {
      Critical: total('openCritical'),
      High: total('openHigh'),
      Medium: total('openMedium'),
      Low: total('openLow'),
      Unknown: total('openUnknown'),
    },
    fixable: total('fixable'),
    disabled: total('disabled'),
  }
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)
