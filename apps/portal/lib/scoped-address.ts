import { parsePath, type To } from 'react-router-dom'

/** An address with the scope that pages are narrowed to; one that names a scope keeps its own. */
export function withScope(to: To, scope: string | null): To {
  if (scope === null) return to
  return changed(to, params => {
    if (!params.has('scope')) params.set('scope', scope)
  })
}

/** An address of all there is. */
export const withoutScope = (to: To): To => changed(to, params => params.delete('scope'))

/** The registry whose rows an address lists. */
export function registryOf(to: To): string | null {
  return paramsOf(to).get('reg')
}

function changed(to: To, change: (params: URLSearchParams) => void): To {
  const params = paramsOf(to)
  change(params)
  params.sort()
  const search = params.toString()
  return { ...pathOf(to), search: search === '' ? '' : `?${search}` }
}

const pathOf = (to: To) => (typeof to === 'string' ? parsePath(to) : to)
const paramsOf = (to: To) => new URLSearchParams(pathOf(to).search)
