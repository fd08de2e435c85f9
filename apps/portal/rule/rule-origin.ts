import type { FindingDetail } from '@plimsoll/types'
import type { Place, PlaceRow } from './place.ts'
import { emptyDraft, type RuleDraft } from './rule-draft.ts'

const isCve = (id: string): boolean => /^CVE-\d{4}-\d+$/i.test(id)

/** The narrowest rule that fits a finding: its vulnerability, in its package, in its repository. */
export function draftOfFinding(finding: FindingDetail, now: number): RuleDraft {
  return {
    ...emptyDraft(now),
    place: { kind: 'registry', id: finding.registryId },
    repository: finding.repository,
    match: 'all',
    [isCve(finding.vulnerabilityId) ? 'cves' : 'ids']: finding.vulnerabilityId,
    packages: finding.sourceName,
  }
}

/** A place that a rule made from a finding may hold in, from its repository out to all there is. */
export interface Width {
  readonly label: string
  readonly place: Place
  readonly repository: string
}

export function widthsOf(finding: FindingDetail, rows: readonly PlaceRow[]): Width[] {
  const registry = rows.find(({ kind, id }) => kind === 'registry' && id === finding.registryId)
  if (registry === undefined) return []
  const outwards = [
    registry,
    ...registry.above.toReversed().flatMap(key => rows.filter(row => row.key === key)),
  ]
  return [
    { label: `Repository ${finding.repository}`, place: registry, repository: finding.repository },
    ...outwards
      .filter(({ kind }) => kind !== 'management-group')
      .map(row => ({ label: `${widthWord[row.kind]} ${row.name}`, place: row, repository: '' })),
  ].map(({ label, place: { kind, id }, repository }) => ({ label, place: { kind, id }, repository }))
}

const widthWord: Readonly<Record<Place['kind'], string>> = {
  tenant: 'All of',
  'management-group': 'Group',
  subscription: 'Subscription',
  registry: 'Registry',
}

/** What the address of the editor says of a new rule. */
export function draftOfParams(params: URLSearchParams, place: Place | null, now: number): RuleDraft {
  const ids = params.getAll('cve')
  return {
    ...emptyDraft(now),
    ...(place && { place }),
    repository: (place?.kind === 'registry' && params.get('repo')) || '',
    cves: ids.filter(isCve).join('\n'),
    ids: ids.filter(id => !isCve(id)).join('\n'),
  }
}
