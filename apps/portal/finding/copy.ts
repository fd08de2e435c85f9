import type { FindingDetail } from '@plimsoll/types'

/** Why a finding is not open any more. */
export const closeReasonText: Readonly<Record<string, string>> = {
  fixed: 'The image now carries a fixed version.',
  withdrawn: 'The advisory was withdrawn, or does not name this version any more.',
  folded: 'Its id turned out to be one more name of another finding.',
  'image-deleted': 'The image was deleted from its registry.',
  'package-gone': 'The package is no longer in the image.',
  superseded: 'Another image took the tag, and has the same finding open.',
}

export const classText: Readonly<Record<FindingDetail['class'], string | null>> = {
  security: null,
  unimportant: 'The distribution rates this as without security impact. It is counted beside the totals.',
  'kernel-headers':
    'Only kernel headers are installed, not a kernel: they hold no code that runs. It is counted beside the totals.',
}

export const copy = {
  whatToDo: 'What to do',
  facts: 'Facts',
  whyMatched: 'Why it matched',
  threat: 'Known attacks',
  ratings: 'Severity by source',
  noKevList:
    'No list of known exploited vulnerabilities has been imported, so nothing is known here of attacks.',
  noEpssList: 'No EPSS list has been imported.',
  undeterminedList:
    'Whether the installed versions are affected could not be determined: they cannot be compared with what the advisories say. They count neither as open nor as clean; the pane of each says which version and why.',
  aboutLists: 'Lists that were imported, and how to import one',
  description: 'Description',
  noDescription: 'The feed carries no description of this one. The references below have one.',
  affected: 'Affected images',
  references: 'References',
  timeline: 'Timeline',
  undetermined: 'Whether this version is affected could not be determined',
  disabledBy: 'Disabled by',
}
