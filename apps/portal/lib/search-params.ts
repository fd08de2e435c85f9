/** A copy with one parameter set, or removed when `value` is null or empty; names sorted, so that equal states have equal URLs. */
export function withParam(params: URLSearchParams, name: string, value: string | null): URLSearchParams {
  const next = new URLSearchParams(params)
  if (value === null || value === '') next.delete(name)
  else next.set(name, value)
  next.sort()
  return next
}
