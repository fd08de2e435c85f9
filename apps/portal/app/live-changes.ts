import type { ScanSummary } from '@plimsoll/types'

/** A change as `scans.watch` tells it: a scan as it stands now, or the name of what lists should refetch on. */
export type LiveChange =
  | { readonly type: 'scan'; readonly scan: ScanSummary /** Not heard of before. */; readonly isNew: boolean }
  | {
      readonly type: 'changed'
      readonly what:
        | 'rules'
        | 'images'
        | 'findings'
        | 'registries'
        | 'advisories'
        | 'scopes'
        | 'imports'
        | 'billing'
        | 'notices'
        | 'clusters'
        | 'settings'
    }

/** A query as TanStack keeps it for tRPC: `[['images', 'get'], { input }]`. */
export interface AskedQuery {
  readonly path: string
  readonly input: unknown
}

/** What each change may alter, by procedure. Counts of findings stand in every summary, so they follow findings. */
const altered: Readonly<Record<Extract<LiveChange, { type: 'changed' }>['what'], readonly string[]>> = {
  // A finding's timeline leads to the rules that are there.
  rules: [
    'rules.list',
    'rules.places',
    'rules.disabling',
    'rules.get',
    'rules.revisions',
    'rules.preview',
    'overview.trend',
    'findings.get',
  ],
  images: [
    'images.list',
    'images.get',
    'repositories.list',
    'repositories.get',
    'registries.list',
    'registries.get',
    'scans.list',
  ],
  findings: [
    'findings.list',
    'findings.beside',
    'findings.get',
    'images.list',
    'images.get',
    'images.packages',
    'repositories.list',
    'repositories.get',
    'registries.list',
    'registries.get',
    'recommendations.list',
    'recommendations.get',
    'recommendations.securityChecks',
    'overview.get',
    'overview.trend',
    'overview.raise',
    'notices.list',
    'rules.list',
    'rules.get',
    'rules.disabling',
  ],
  registries: [
    'registries.list',
    'registries.get',
    'recommendations.list',
    'recommendations.get',
    'overview.get',
    'overview.trend',
    'overview.raise',
  ],
  // Lists of threats are joined where findings are shown.
  advisories: [
    'advisories.status',
    'advisories.imports',
    'advisories.threatLists',
    'overview.get',
    'overview.trend',
    'images.get',
    'images.explain',
    'findings.list',
    'findings.get',
  ],
  scopes: [
    'scopes.tree',
    'subscriptions.list',
    'subscriptions.get',
    'registries.list',
    'registries.get',
    'images.list',
    'images.get',
  ],
  imports: ['imports.list'],
  billing: ['billing.months', 'billing.charges', 'billing.price', 'scopes.tree', 'subscriptions.get'],
  notices: ['notices.list'],
  clusters: ['clusters.list', 'images.list', 'images.get'],
  settings: ['settings.get'],
}

const ended: ReadonlySet<ScanSummary['state']> = new Set(['done', 'failed', 'cancelled'])

/** Procedures whose answer about one image an ended scan of it replaces. */
const ofTheImage: ReadonlySet<string> = new Set([
  'images.get',
  'images.packages',
  'images.explain',
  'images.scans',
])
/** Procedures whose answer counts or lists the image among others. */
const aroundTheImage: ReadonlySet<string> = new Set(['images.list', 'scans.list', 'overview.get'])

/** Whether an answer that is shown may be out of date after a change. */
export function isOutdated(query: AskedQuery, change: LiveChange): boolean {
  if (change.type === 'changed') {
    return altered[change.what].includes(query.path) || (movesPlaces(change.what) && isNarrowed(query.input))
  }
  const { scan, isNew } = change
  if (query.path === 'scans.queue') return isNew || ended.has(scan.state)
  // While it runs, rows take the scan from the stream itself; only lists that do not have it yet must ask again.
  if (!ended.has(scan.state)) {
    return (
      isNew && (query.path === 'scans.list' || (query.path === 'images.scans' && isAbout(query.input, scan)))
    )
  }
  if (ofTheImage.has(query.path)) return isAbout(query.input, scan)
  if (query.path === 'repositories.list' || query.path === 'repositories.get') {
    return fieldOf(query.input, 'registryId') === scan.registryId
  }
  return aroundTheImage.has(query.path)
}

/** What may bring other registries into a scope. */
const movesPlaces = (what: Extract<LiveChange, { type: 'changed' }>['what']): boolean =>
  what === 'scopes' || what === 'registries'

const isNarrowed = (input: unknown): boolean =>
  (fieldOf(input, 'scope') ?? fieldOf(fieldOf(input, 'filter'), 'scope')) !== undefined

const isAbout = (input: unknown, scan: ScanSummary): boolean =>
  fieldOf(input, 'digest') === scan.digest &&
  fieldOf(input, 'repository') === scan.repository &&
  fieldOf(input, 'registryId') === scan.registryId

const fieldOf = (input: unknown, name: string): unknown =>
  typeof input === 'object' && input !== null ? Reflect.get(input, name) : undefined

/** The query behind a TanStack key as tRPC writes it; null for any other key. */
export function askedQuery(key: readonly unknown[]): AskedQuery | null {
  const [path, options] = key
  if (!Array.isArray(path)) return null
  return { path: path.join('.'), input: fieldOf(options, 'input') }
}
