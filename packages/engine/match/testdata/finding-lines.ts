import type { Match } from '@plimsoll/types'

/** Findings as the lines of the naive matcher: sorted, `CVE source sourceVersion | fix | advisory,advisory | name name`. */
export const linesOf = (findings: readonly Match[]): string[] => findings.map(lineOf).toSorted()

function lineOf(one: Match): string {
  const names = [...new Set(one.explanations.map(({ packageName }) => packageName))].toSorted()
  const fixes: Record<Match['fixState'], string> = {
    available: String(one.fixedVersion),
    'needs-paid-channel': `pro:${one.fixedVersion}`,
    none: 'none',
    deferred: 'deferred',
    'will-not-fix': 'will not be fixed',
  }
  const fix = one.state === 'undetermined' ? 'unclear' : names.length > 1 ? '?' : fixes[one.fixState]
  const key = `${one.vulnerabilityId} ${one.sourceName} ${one.sourceVersion}`
  return [key, fix, one.advisoryIds.join(','), names.join(' ')].join(' | ')
}
