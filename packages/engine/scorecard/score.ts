/** What was expected, what was found of it, and what was found besides. */
export interface Score {
  readonly expected: number
  readonly found: number
  readonly extra: number
  /** A few of the lines that are missing or too many, for whoever has to find out why. */
  readonly differences: readonly string[]
}

/** Compares two lists of lines; a line that stands twice counts twice. */
export function scoreOf(expected: readonly string[], ours: readonly string[]): Score {
  const missing = [...expected].toSorted()
  const extra: string[] = []
  const open = new Map<string, number>()
  for (const line of missing) open.set(line, (open.get(line) ?? 0) + 1)
  for (const line of ours) {
    const left = open.get(line) ?? 0
    if (left === 0) extra.push(line)
    else open.set(line, left - 1)
  }
  const lost = [...open].flatMap(([line, left]) => Array.from({ length: left }, () => line))
  return {
    expected: expected.length,
    found: expected.length - lost.length,
    extra: extra.length,
    differences: [...lost.map(line => `missing: ${line}`), ...extra.map(line => `extra: ${line}`)].slice(
      0,
      20,
    ),
  }
}

/** Everything that was expected was found, and nothing else. */
export const isWhole = ({ expected, found, extra }: Score): boolean => found === expected && extra === 0
