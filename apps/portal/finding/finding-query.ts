import type { FindingFilter, FindingListInput } from '@plimsoll/types'
import { type PageSize, pageSizes } from '../lib/page-size.ts'
import { fields, has } from './finding-fields.ts'

export type FindingSort = NonNullable<FindingListInput['sort']>

/** What a list of findings shows, as the URL says it. */
export interface FindingQuery {
  readonly filter: FindingFilter
  readonly sort: FindingSort
  readonly page: number
  readonly size: PageSize
}

const sorts: Readonly<Record<FindingSort, true>> = {
  '-severity': true,
  severity: true,
  cve: true,
  '-cve': true,
  package: true,
  '-package': true,
  '-cvss': true,
  cvss: true,
  '-published': true,
  '-epss': true,
}

/** Fields that mean something only within what another one chooses: a repository in its registry, a layer in its image. */
const dependent = [
  { name: 'repo', field: 'repository', within: 'registryId' },
  { name: 'layer', field: 'layer', within: 'digest' },
  { name: 'origin', field: 'origin', within: 'digest' },
] as const

/** A filter with one field changed, and without those that meant something only within it. */
export function withField(filter: FindingFilter, change: Partial<FindingFilter>): FindingFilter {
  const next = { ...filter, ...change }
  for (const { field, within } of dependent) {
    if (Object.hasOwn(change, within) && change[within] === undefined) delete next[field]
  }
  return next
}

/** Fields that the page itself fixes: their parameters, if it has such, mean something of its own. */
export type FixedFields = Partial<FindingFilter>

/**
 * Reads a list's state from the URL. What cannot be understood falls back to its default and is named in `ignored`, as
 * `sev=awful`; parameters of others and of fixed fields are left alone.
 */
export function readFindingQuery(
  params: URLSearchParams,
  fixed: FixedFields = {},
): { query: FindingQuery; ignored: readonly string[] } {
  const ignored: string[] = []
  const filter: FindingFilter = { status: 'open' }
  for (const [name, { field, read }] of Object.entries(fields)) {
    const value = params.get(name)
    if (value === null || value === '' || Object.hasOwn(fixed, field)) continue
    if (!read(filter, value)) ignored.push(`${name}=${value}`)
  }
  for (const { name, field, within } of dependent) {
    if (filter[field] === undefined || filter[within] !== undefined || fixed[within] !== undefined) continue
    ignored.push(`${name}=${filter[field]}`)
    delete filter[field]
  }
  const choice = <Value>(name: string, initial: Value, read: (value: string) => Value | undefined): Value => {
    const value = params.get(name)
    if (value === null || value === '') return initial
    const known = read(value)
    if (known === undefined) ignored.push(`${name}=${value}`)
    return known ?? initial
  }
  const query: FindingQuery = {
    filter,
    sort: choice('sort', '-severity', value => (has(sorts, value) ? value : undefined)),
    page: choice('page', 1, value => (/^[1-9]\d{0,6}$/.test(value) ? Number(value) : undefined)),
    size: choice<PageSize>('size', 50, value => pageSizes.find(each => String(each) === value)),
  }
  return { query, ignored }
}

/**
 * Writes a list's state into a copy of the URL's parameters: sorted, defaults left out, parameters of others and of
 * fixed fields kept.
 */
export function writeFindingQuery(
  params: URLSearchParams,
  { filter, sort, page, size }: FindingQuery,
  fixed: FixedFields = {},
): URLSearchParams {
  const next = new URLSearchParams(params)
  const set = (name: string, value: string | undefined) => {
    if (value === undefined || value === '') next.delete(name)
    else next.set(name, value)
  }
  for (const [name, { field, write }] of Object.entries(fields)) {
    if (!Object.hasOwn(fixed, field)) set(name, write(filter))
  }
  set('sort', sort === '-severity' ? undefined : sort)
  set('page', page === 1 ? undefined : String(page))
  set('size', size === 50 ? undefined : String(size))
  next.sort()
  return next
}

/** The address of the findings that hold a filter, so that every number can lead to the rows it counted. */
export function findingsPath(filter: Partial<FindingFilter>): string {
  const query: FindingQuery = { filter: { status: 'open', ...filter }, sort: '-severity', page: 1, size: 50 }
  const search = writeFindingQuery(new URLSearchParams(), query).toString()
  return search === '' ? '/findings' : `/findings?${search}`
}
