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
const textFields = {
  q: 'q',
  sub: 'subscriptionId',
  reg: 'registryId',
  repo: 'repository',
  cve: 'cve',
  check: 'securityCheck',
  pkg: 'package',
  rule: 'ruleId',
} as const satisfies Record<string, keyof FindingFilter>

const maxTextLength = 255
const has = <Key extends string>(table: Readonly<Record<Key, unknown>>, key: string): key is Key =>
  Object.hasOwn(table, key)

/**
 * Reads a list's state from the URL. What cannot be understood falls back to its default and is named in `ignored`, as
 * `sev=awful`; parameters of others are left alone.
 */
export function readFindingQuery(params: URLSearchParams): {
  query: FindingQuery
  ignored: readonly string[]
} {
  const ignored: string[] = []
  const filter: FindingFilter = { status: 'open' }
  let query: { -readonly [Key in keyof FindingQuery]: FindingQuery[Key] } = {
    filter,
    sort: '-severity',
    page: 1,
    size: 50,
  }
  const ignore = (name: string) => ignored.push(`${name}=${params.get(name)}`)
  const given = (name: string, read: (value: string) => boolean) => {
    const value = params.get(name)
    if (value !== null && value !== '' && !read(value)) ignore(name)
  }

  given('sev', value => {
    const chosen = severities.filter(severity => value.split(',').includes(severity.toLowerCase()))
    if (chosen.length > 0) filter.severity = chosen
    return chosen.length === new Set(value.split(',')).size
  })
  given('fix', value => {
    if (value !== 'available' && value !== 'none') return false
    filter.fix = value
    return true
  })
  given('status', value => {
    if (!has(statuses, value)) return false
    filter.status = value
    return true
  })
  given('class', value => {
    const chosen = value.split(',').filter(each => has(classes, each))
    if (chosen.length > 0) filter.class = chosen
    return chosen.length === value.split(',').length
  })
  given('image', value => {
    if (!/^sha256:[0-9a-f]{64}$/.test(value)) return false
    filter.digest = value
    return true
  })
  for (const [name, field] of Object.entries(textFields)) {
    given(name, value => {
      if (value.length > maxTextLength || (name === 'q' && value.length > 200)) return false
      filter[field] = value
      return true
    })
  }
  if (filter.repository !== undefined && filter.registryId === undefined) {
    delete filter.repository
    ignore('repo')
  }
  given('sort', value => {
    if (!has(sorts, value)) return false
    query = { ...query, sort: value }
    return true
  })
  given('page', value => {
    if (!/^[1-9]\d{0,6}$/.test(value)) return false
    query = { ...query, page: Number(value) }
    return true
  })
  given('size', value => {
    const size = pageSizes.find(each => String(each) === value)
    if (size === undefined) return false
    query = { ...query, size }
    return true
  })
  return { query, ignored }
}

/** Writes a list's state into a copy of the URL's parameters: sorted, defaults left out, those of others kept. */
export function writeFindingQuery(
  params: URLSearchParams,
  { filter, sort, page, size }: FindingQuery,
): URLSearchParams {
  const next = new URLSearchParams(params)
  const set = (name: string, value: string | undefined) => {
    if (value === undefined || value === '') next.delete(name)
    else next.set(name, value)
  }
  set('sev', filter.severity?.map(severity => severity.toLowerCase()).join(','))
  set('fix', filter.fix)
  set('status', filter.status === 'open' ? undefined : filter.status)
  set('class', filter.class?.join(','))
  set('image', filter.digest)
  for (const [name, field] of Object.entries(textFields)) set(name, filter[field])
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
