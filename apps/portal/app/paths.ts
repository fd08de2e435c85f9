import type { Health, RuleStatus, ScanState, Severity } from '@plimsoll/types'
import { type Occurrence, writeOccurrence } from '../lib/occurrence.ts'

/** Every address of the portal. `digest` stands in paths as it is; repository names may hold slashes. */
export const paths = {
  overview: '/',
  signIn: '/sign-in',
  recommendations: '/recommendations',
  containerImages: '/recommendations/container-images',
  registries: '/registries',
  images: '/images',
  findings: '/findings',
  rules: '/rules',
  /** The scope tree, where a rule is put or met. */
  disableRule: '/recommendations/container-images/disable-rule',
  newRule: '/rules/new',
  scans: '/scans',
  settings: '/settings',
  scopes: '/settings/scopes',
  settingsRegistries: '/settings/registries',
  imports: '/settings/import',
  clusters: '/settings/clusters',
  newRegistry: '/registries/new',
  subscription: (id: string) => `/settings/scopes/${encodeURIComponent(id)}`,
  registriesOf: (subscriptionId: string) => `/registries?${new URLSearchParams({ sub: subscriptionId })}`,
  billing: (of: { subscriptionId?: string; month?: string } = {}) => {
    const params = new URLSearchParams()
    if (of.month) params.set('month', of.month)
    if (of.subscriptionId) params.set('sub', of.subscriptionId)
    return params.size > 0 ? `/settings/billing?${params}` : '/settings/billing'
  },
  importOf: (image: { registryId: string; repository: string; digest: string }) =>
    `/settings/import?${new URLSearchParams({ digest: image.digest, reg: image.registryId, repo: image.repository })}`,
  editRegistry: (registryId: string) => `/registries/${encodeURIComponent(registryId)}/edit`,
  registry: (registryId: string) => `/registries/${encodeURIComponent(registryId)}`,
  repository: (registryId: string, name: string) =>
    `/registries/${encodeURIComponent(registryId)}/repositories/${name.split('/').map(encodeURIComponent).join('/')}`,
  image: (image: { registryId: string; repository: string; digest: string }) =>
    `/registries/${encodeURIComponent(image.registryId)}/images/${image.digest}?repo=${encodeURIComponent(image.repository)}`,
  imagesOf: (filter: {
    registryId?: string
    repository?: string
    subscriptionId?: string
    health?: Health
    worst?: Severity
    outdatedBase?: Occurrence
  }) => {
    const params = new URLSearchParams()
    if (filter.health) params.set('health', filter.health)
    if (filter.outdatedBase) params.set('outdated-base', writeOccurrence(filter.outdatedBase))
    if (filter.registryId) params.set('reg', filter.registryId)
    if (filter.repository) params.set('repo', filter.repository)
    if (filter.subscriptionId) params.set('sub', filter.subscriptionId)
    if (filter.worst) params.set('worst', filter.worst.toLowerCase())
    return params.size > 0 ? `/images?${params}` : '/images'
  },
  scansOf: (filter: { state?: ScanState; lane?: 'asked' | 'background'; registryId?: string }) => {
    const params = new URLSearchParams()
    if (filter.lane) params.set('lane', filter.lane)
    if (filter.registryId) params.set('reg', filter.registryId)
    if (filter.state) params.set('state', filter.state)
    return params.size > 0 ? `/scans?${params}` : '/scans'
  },
  finding: (id: string) => `/findings/${encodeURIComponent(id)}`,
  rule: (id: string) => `/rules/${encodeURIComponent(id)}`,
  editRule: (id: string) => `/rules/${encodeURIComponent(id)}/edit`,
  rulesOf: (filter: { status?: RuleStatus; at?: string }) => {
    const params = new URLSearchParams()
    if (filter.at) params.set('at', filter.at)
    if (filter.status) params.set('status', filter.status)
    return params.size > 0 ? `/rules?${params}` : '/rules'
  },
  /** A new rule of a node of the scope tree, `subscription:demo`. */
  newRuleAt: (at: string) => `/rules/new?${new URLSearchParams({ at })}`,
  newRuleFrom: (findingId: string) => `/rules/new?from=${encodeURIComponent(findingId)}`,
} as const
