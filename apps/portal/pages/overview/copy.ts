import type { FindingCounts } from '@plimsoll/types'
import { count, counted } from '../../lib/quantity.ts'
import { openTotal, patchableTotal } from '../../lib/severity.ts'

/** What the chart shows, said in a sentence. */
export function chartSentence(findings: FindingCounts): string {
  const open = openTotal(findings)
  const fixable = patchableTotal(findings)
  if (open === 0) return 'No open findings'
  if (fixable === 0) return `None of the ${counted(open, 'open finding')} can be fixed by an upgrade yet`
  if (fixable === open) return `All ${counted(open, 'open finding')} can be fixed by an upgrade`
  return `${count(fixable)} of ${counted(open, 'open finding')} can be fixed by an upgrade`
}

export const copy = {
  title: 'Overview',
  score: 'Secure score',
  scoreHint: 'A registry counts as healthy when none of its images has an open finding.',
  trend: 'Secure score by day',
  open: 'Open findings by day',
  days: 'Days that the charts show',
  causes: 'What happened',
  raise: 'What would raise it most',
  noUpgrade: 'No open finding has a free fix, and no base image a newer one with fewer.',
  nothingToRaise: 'Nothing: every assessed registry is healthy.',
  coverage: 'Images by result',
  topImages: 'Images with most open findings',
  noVulnerableImages: 'No image has an open finding.',
  topChecks: 'Most severe security checks',
  noChecks: 'No security check finds anything.',
  feeds: 'What it was compared with',
  advisories: 'Advisories',
  newestImport: 'Newest import',
  noFeeds: 'No advisories have been imported, so nothing can be matched.',
}
