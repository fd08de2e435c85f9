import type { FindingClass, FindingFilter, FindingListInput } from '@plimsoll/types'
import { type PageSize, pageSizes } from '../lib/page-size.ts'
import { severities } from '../lib/severity.ts'

export type FindingSort = NonNullable<FindingListInput['sort']>
export type FindingStatus = FindingFilter['status']

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
}
export const statuses: Readonly<Record<FindingStatus, string>> = {
  open: 'Open',
  disabled: 'Disabled',
  undetermined: 'Undetermined',
  closed: 'Closed',
}
export const classes: Readonly<Record<FindingClass, string>> = {
  security: 'Security',
  unimportant: 'Unimportant',
  'kernel-headers': 'Kernel headers',
}
/** How one field of the filter stands in the URL. `read` sets it and says whether all of the value was understood. */
interface Field {
  readonly field: keyof FindingFilter
  readonly read: (filter: FindingFilter, value: string) => boolean
  readonly write: (filter: FindingFilter) => string | undefined
}

const text = (
  field:
    | 'q'
    | 'subscriptionId'
    | 'registryId'
    | 'repository'
    | 'cve'
    | 'securityCheck'
    | 'package'
    | 'ruleId',
  maxLength = 255,
): Field => ({
  field,
  read: (filter, value) => {
    if (value.length > maxLength) return false
    filter[field] = value
    return true
  },
  write: filter => filter[field],
})

const has = <Key extends string>(table: Readonly<Record<Key, unknown>>, key: string): key is Key =>
  Object.hasOwn(table, key)

/** The parameters of the filter. Their names are short and stable, for URLs are shared and kept. */
const fields: Readonly<Record<string, Field>> = {
  sev: {
    field: 'severity',
    read: (filter, value) => {
      const asked = value.split(',')
      const known = severities.filter(severity => asked.includes(severity.toLowerCase()))
      if (known.length > 0) filter.severity = known
      return known.length === new Set(asked).size
    },
    write: filter => filter.severity?.map(severity => severity.toLowerCase()).join(','),
  },
  fix: {
    field: 'fix',
    read: (filter, value) => {
      if (value !== 'available' && value !== 'none') return false
      filter.fix = value
      return true
    },
    write: filter => filter.fix,
  },
  status: {
    field: 'status',
    read: (filter, value) => {
      if (!has(statuses, value)) return false
      filter.status = value
      return true
    },
    write: filter => (filter.status === 'open' ? undefined : filter.status),
  },
  class: {
    field: 'class',
    read: (filter, value) => {
      const asked = value.split(',')
      const known = asked.filter(each => has(classes, each))
      if (known.length > 0) filter.class = known
      return known.length === asked.length
    },
    write: filter => filter.class?.join(','),
  },
  image: {
    field: 'digest',
    read: (filter, value) => {
      if (!/^sha256:[0-9a-f]{64}$/.test(value)) return false
      filter.digest = value
      return true
    },
    write: filter => filter.digest,
  },
  q: text('q', 200),
  sub: text('subscriptionId'),
  reg: text('registryId'),
  repo: text('repository'),
  cve: text('cve'),
  check: text('securityCheck'),
  pkg: text('package'),
  rule: text('ruleId'),
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
  if (filter.repository !== undefined && filter.registryId === undefined) {
    ignored.push(`repo=${filter.repository}`)
    delete filter.repository
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
