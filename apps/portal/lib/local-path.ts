/**
 * The place to go to after sign-in, from a query parameter that anybody may have written: only a path of this very
 * portal is followed, anything else (another host, a script, `//host`, `/\host`) leads to the overview.
 */
export function localPath(next: string | null): string {
  if (!next?.startsWith('/')) return '/'
  const base = 'http://portal.invalid'
  try {
    const url = new URL(next, base)
    if (url.origin !== base || url.pathname.startsWith('/sign-in')) return '/'
    return `${url.pathname}${url.search}${url.hash}`
  } catch {
    return '/'
  }
}
