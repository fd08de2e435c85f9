import type { CoverageReason, ImageDetail } from '@plimsoll/types'
import { ecosystemName } from '../../lib/names.ts'
import { count, counted } from '../../lib/quantity.ts'

/** `214 packages (dpkg)`, `214 packages (200 dpkg, 14 npm)`. */
export function packagesSentence(image: ImageDetail): string {
  const kinds = Object.entries(image.coverageLedger.packages).filter(([, number]) => number > 0)
  const total = kinds.reduce((sum, [, number]) => sum + number, 0)
  if (kinds.length === 0) return 'no packages'
  const named = kinds.map(([id, number]) =>
    kinds.length === 1 ? ecosystemName(id) : `${count(number)} ${ecosystemName(id)}`,
  )
  return `${counted(total, 'package')} (${named.join(', ')})`
}

/** Each reason of the ledger in a few words; its message says the rest. */
export const reasonText: Readonly<Record<CoverageReason['code'], string>> = {
  'windows-image': 'Windows image',
  'unsupported-platform': 'Platform not supported',
  'not-an-image': 'Not an image',
  attestation: 'Attestation',
  'schema1-manifest': 'Manifest of an old kind',
  'encrypted-layer': 'Encrypted layer',
  'nothing-to-read': 'Nothing to read',
  'foreign-layer': 'Layer not in the registry',
  'unsupported-distribution': 'Distribution not supported',
  'no-advisories-for-release': 'No advisories for this release',
  'end-of-life': 'End of life',
  'third-party-packages': 'Third-party packages',
  'derived-distribution': 'Judged as another distribution',
  'mixed-releases': 'Packages of several releases',
  'database-unreadable': 'Package database unreadable',
  'version-not-comparable': 'Version that does not parse',
  'limit-inflated-bytes': 'Unpacked size over budget',
  'limit-entries': 'Number of files over budget',
  'limit-file-bytes': 'File over budget',
  'limit-path-bytes': 'Path over budget',
  'limit-time': 'Time over budget',
  'limit-memory': 'Memory over budget',
}

/** The reasons in a few words, each once: `End of life, version that does not parse`. */
export function reasonWords(reasons: readonly CoverageReason[]): string {
  const words = [...new Set(reasons.map(({ code }) => reasonText[code]))]
  return words.map((word, index) => (index === 0 ? word : word[0]?.toLowerCase() + word.slice(1))).join(', ')
}

export const copy = {
  clean: 'No known vulnerabilities',
  partial: 'Partly scanned',
  partialText: 'Its result may be incomplete. What was not read or could not be judged:',
  notApplicable: 'Not applicable',
  notApplicableText: 'This image cannot be assessed, which is different from being free of findings.',
  notScanned: 'Not scanned yet',
  notScannedText: 'Nothing is known about this image until it has been scanned.',
  failed: 'The newest scan failed',
  lastGood: 'The result below is of the last scan that succeeded.',
  noResult: 'There is no earlier result.',
  noResultToList: 'This image has no result to list anything from; above it says why.',
  deleted: 'This image was deleted from its registry',
  deletedWith: 'Its index was deleted; nothing else leads to it',
  deletedWithText:
    'Its own manifest may still be there, as registries keep those until their garbage collection. It is back when it is pushed or pulled, or when a tag or another index leads to it; a scan asks the registry for it.',
  result: { deleted: 'Deleted', superseded: 'Superseded' },
  lookForIt: 'Look for it',
  noneNow: 'No finding is open any more',
  superseded: 'Superseded',
  supersededText: 'Another image took its tag and was assessed since. This one counts nowhere any more.',
  aged: 'This result is not kept up to date',
  agedText:
    'The image was neither pushed nor pulled within 30 days and runs nowhere that is known, so it is not compared with new advisories.',
  planOff: 'This result is not kept up to date: the plan is off',
  planOffText: 'Nothing in its subscription is scanned or compared with new advisories.',
  remove: 'Delete image',
  removeAsk: 'Delete this image in its registry?',
  removeText:
    'Its manifest is deleted in the registry. Its findings close at once, here and in every total. This cannot be undone from here: it would have to be pushed again.',
  keepIt: 'Keep it',
  removed: 'The image was deleted in its registry.',
  refusedRemoval: 'The image was not deleted',
  importElsewhere: 'Import into another registry',
  noFindings: 'No open finding',
  noFindingsButPartly: 'No open finding, but it was not read or judged in full',
  noFindingsButUndetermined: 'No open finding, but some could not be determined',
  noDisabled: 'No finding of this image is disabled',
  noUndetermined: 'No finding of this image is undetermined',
  scanNow: 'Scan now',
  scanning: 'A scan is under way.',
  readersCannotScan: 'Only a Security Admin can request a scan.',
  noBaseImage: 'No image in the connected registries has the lower layers of this one as its own.',
}

export const ledgerCopy = {
  status: {
    complete: 'Complete: all that was found was read, and there are advisories for it.',
    partial: 'Partly: something was not read or could not be judged.',
    'not-applicable': copy.notApplicableText,
    'not-scanned': copy.notScannedText,
  },
  release: 'Distribution and release',
  noDistribution: 'The image does not say what it is.',
  unknownRelease: 'Nothing is known here of this release.',
  supported: 'Supported: advisories are published for it.',
  notSupported: 'Not supported: there are no advisories for it by a name that is known here.',
  noEndKnown: 'No date is known.',
  databases: 'Package databases',
  noDatabase: 'No package database was found.',
  databasesNotNoted: 'Which they were was not noted when it was scanned. The next scan notes it.',
  unreadCopies:
    'in lower layers could not be read in full. What they brought counts as brought by the lowest layer above that lists it; no package is missing because of that.',
  missing: 'Not read or not judged',
  nothingMissing: 'Nothing: what was found was read and judged.',
  feeds: 'Advisories it was compared with',
  lists: 'Lists of attacks',
  noFeed: 'None: it was compared with no advisories.',
}
