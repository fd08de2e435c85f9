import { withParam } from '../../lib/search-params.ts'

/** Parameters of the lists in the tabs; another tab has no use for them. */
export const listParams = [
  'q',
  'sev',
  'fix',
  'kev',
  'epss',
  'class',
  'cve',
  'check',
  'pkg',
  'layer',
  'origin',
  'sort',
  'page',
  'size',
] as const

/** What a link to a tab keeps of the address, and the one thing by which it chooses rows there. */
export function tabSearch(
  params: URLSearchParams,
  tab: 'undetermined' | 'disabled' | 'packages' | 'coverage' | null,
  chosen: Partial<Record<(typeof listParams)[number], string>> = {},
): string {
  let next = withParam(params, 'tab', tab)
  for (const name of listParams) next = withParam(next, name, chosen[name] ?? null)
  return `?${next}`
}
