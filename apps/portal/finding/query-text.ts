import type { FindingFilter } from '@plimsoll/types'
import { readFindingQuery, writeFindingQuery } from './finding-query.ts'

/** What may be typed as `name:value` in the query box; the names are those of the URL. */
const names = [
  'sev',
  'fix',
  'status',
  'class',
  'kev',
  'epss',
  'pkg',
  'cve',
  'check',
  'reg',
  'repo',
  'image',
  'rule',
] as const
const longNames: Readonly<Record<string, (typeof names)[number]>> = {
  severity: 'sev',
  package: 'pkg',
  registry: 'reg',
  repository: 'repo',
}
const token = new RegExp(
  `(?:^|\\s)(${[...names, ...Object.keys(longNames)].join('|')}):(?:"([^"]*)"|(\\S+))`,
  'gi',
)

/** Whether a text holds something like `sev:critical`, which is read as a whole when it is complete. */
export const hasTokens = (text: string): boolean => text.search(token) >= 0

/**
 * Reads `sev:critical pkg:openssl heap` into a filter: tokens become fields over those that already hold, the rest is
 * free text. What is not understood stays in the free text, so that nothing typed is lost.
 */
export function readQueryText(text: string, before: FindingFilter): FindingFilter {
  const params = writeFindingQuery(new URLSearchParams(), {
    filter: before,
    sort: '-severity',
    page: 1,
    size: 50,
  })
  const rest = text.replace(
    token,
    (whole, name: string, quoted: string | undefined, plain: string | undefined) => {
      const short = longNames[name.toLowerCase()] ?? name.toLowerCase()
      const candidate = new URLSearchParams(params)
      const value = quoted ?? plain ?? ''
      candidate.set(
        short,
        short === 'sev' || short === 'fix' || short === 'status' || short === 'class'
          ? value.toLowerCase()
          : value,
      )
      if (readFindingQuery(candidate).ignored.length > 0) return whole
      params.set(short, candidate.get(short) ?? '')
      return ' '
    },
  )
  const q = rest.replaceAll(/\s+/g, ' ').trim()
  if (q === '') params.delete('q')
  else params.set('q', q)
  return readFindingQuery(params).query.filter
}
