import { readPage } from '../../lib/page-params.ts'
import type { PageSize } from '../../lib/page-size.ts'
import { withParam } from '../../lib/search-params.ts'

const sorts = ['-severity', 'severity', '-images', 'images', 'id', '-id'] as const
export type CheckSort = (typeof sorts)[number]

/** What the list of security checks shows, as the URL says it. */
export interface CheckQuery {
  readonly q?: string | undefined
  readonly sort: CheckSort
  readonly page: number
  readonly size: PageSize
}

/** Reads the state from the URL; what cannot be understood falls back to its default. */
export function readCheckQuery(params: URLSearchParams): CheckQuery {
  return {
    q: params.get('q')?.slice(0, 200) || undefined,
    sort: sorts.find(sort => sort === params.get('sort')) ?? '-severity',
    ...readPage(params),
  }
}

/** Writes the state into a copy of the URL's parameters; defaults are left out. */
export function writeCheckQuery(params: URLSearchParams, query: CheckQuery): URLSearchParams {
  const written = {
    q: query.q ?? null,
    sort: query.sort === '-severity' ? null : query.sort,
    page: query.page === 1 ? null : String(query.page),
    size: query.size === 50 ? null : String(query.size),
  }
  return Object.entries(written).reduce((next, [name, value]) => withParam(next, name, value), params)
}
