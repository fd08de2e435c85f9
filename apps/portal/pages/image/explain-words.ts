import type { ExplainOutcome } from '@plimsoll/types'
import type { IconName } from '../../ui/icon.tsx'

/** What came of asking for a vulnerability, in a few words. */
export const outcomeText: Readonly<Record<ExplainOutcome, string>> = {
  reported: 'reported',
  undetermined: 'could not be determined',
  folded: 'reported under another id',
  'outside-range': 'not affected, the installed version is outside the range',
  'other-module': 'not affected, it is about another module stream',
  'not-installed': 'not affected, what it is about is not installed',
  'third-party': 'not judged, the package is not the distribution’s own',
  'other-release': 'known for other releases only',
  withdrawn: 'withdrawn',
  'not-judged': 'not judged',
  unknown: 'not known',
}

export const outcomeIcon: Readonly<Record<ExplainOutcome, IconName>> = {
  reported: 'findings',
  undetermined: 'half',
  folded: 'findings',
  'outside-range': 'info',
  'other-module': 'info',
  'not-installed': 'info',
  'third-party': 'half',
  'other-release': 'info',
  withdrawn: 'info',
  'not-judged': 'half',
  unknown: 'dash',
}
