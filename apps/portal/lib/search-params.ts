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
 * on its way to the page. Names sorted.
 */
export function rebased(
  drawn: URLSearchParams,
  changed: URLSearchParams,
  latest: URLSearchParams,
): URLSearchParams {
  const next = new URLSearchParams(latest)
  for (const name of new Set([...drawn.keys(), ...changed.keys()])) {
    const values = changed.getAll(name)
    if (values.join('\n') === drawn.getAll(name).join('\n')) continue
    next.delete(name)
    for (const value of values) next.append(name, value)
  }
  next.sort()
  return next
}
