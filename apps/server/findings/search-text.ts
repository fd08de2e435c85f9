import type { Match } from '@plimsoll/types'

// Package names are looked for whole as well as in part, so each stands between two of these, which no name holds.
export const separator = '\u001f'

/** What a match is found by: its ids, its packages (binary and source) and its security check, in lower case. */
export function searchTextOf(match: Match): string {
  const names = new Set([match.sourceName, ...match.packages.map(one => one.name)])
  const lines = [match.vulnerabilityId, ...match.aliases, match.securityCheck].map(withoutSeparator)
  return fold(
    `${lines.join('\n')}${separator}${[...names].map(withoutSeparator).join(separator)}${separator}`,
  )
}

/** What to look for, anywhere in the search text, for free text that a person typed. */
export const soughtText = (q: string): string => fold(withoutSeparator(q.trim()))

/** What to look for, anywhere in the search text, for a package's whole name. */
export const soughtPackage = (name: string): string =>
  `${separator}${fold(withoutSeparator(name))}${separator}`

/** Case-insensitive comparison by the same rule here and in the database, whose own `lower` knows ASCII alone. */
export const fold = (text: string): string => text.toLowerCase()

const withoutSeparator = (text: string): string => text.replaceAll(separator, ' ')
