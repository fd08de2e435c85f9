/** A copy with one parameter set, or removed when `value` is null or empty; names sorted, so that equal states have equal URLs. */
export function withParam(params: URLSearchParams, name: string, value: string | null): URLSearchParams {
  const next = new URLSearchParams(params)
  if (value === null || value === '') next.delete(name)
  else next.set(name, value)
  next.sort()
  return next
}

/**
 * What was changed in the parameters that a page was drawn with, changed in those of the address: another change may be
 * on its way to the page. A change of anything else is of another list, of which `page` is what it was changed to, even
 * where it was drawn so. Names sorted.
 */
export function rebased(
  drawn: URLSearchParams,
  changed: URLSearchParams,
  latest: URLSearchParams,
): URLSearchParams {
  const names = new Set([...drawn.keys(), ...changed.keys()])
  const differing = [...names].filter(name => textOf(drawn, name) !== textOf(changed, name))
  const next = new URLSearchParams(latest)
  const set = differing.some(name => name !== 'page') ? new Set([...differing, 'page']) : differing
  for (const name of set) {
    next.delete(name)
    for (const value of changed.getAll(name)) next.append(name, value)
  }
  next.sort()
  return next
}

const textOf = (params: URLSearchParams, name: string): string => JSON.stringify(params.getAll(name))
