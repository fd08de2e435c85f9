import { type PageSize, pageSizes } from './page-size.ts'
import { withParam } from './search-params.ts'

/** Which page of a list the URL asks for, and how many rows it has; nonsense reads as the first page of 50. */
export function readPage(params: URLSearchParams): { page: number; size: PageSize } {
  const page = params.get('page') ?? ''
  return {
    page: /^[1-9]\d{0,6}$/.test(page) ? Number(page) : 1,
    size: pageSizes.find(size => String(size) === params.get('size')) ?? 50,
  }
}

export const withPage = (params: URLSearchParams, page: number): URLSearchParams =>
  withParam(params, 'page', page === 1 ? null : String(page))

/** Another size begins at the first page again. */
export const withSize = (params: URLSearchParams, size: PageSize): URLSearchParams =>
  withPage(withParam(params, 'size', size === 50 ? null : String(size)), 1)
