import type { Distro, ExplainOutcome, Explanation, InstalledPackage } from '@plimsoll/types'
import type { Advisory } from '../advisories/advisory.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { readable } from './feeds.ts'
import type { Judgement } from './judgements.ts'
import { comparing } from './ranges.ts'
import type { Subject } from './subjects.ts'

/** The answer in one sentence, or in two where a step's own sentence follows. */
export function answerSentence(
  outcome: ExplainOutcome,
  asked: string,
  vulnerabilityId: string,
  because: string,
): string {
  const same = asked.toUpperCase() === vulnerabilityId.toUpperCase()
  const name = same ? vulnerabilityId : `${asked} (${vulnerabilityId})`
  switch (outcome) {
    case 'reported':
      return `${name} is reported. ${because}`
    case 'folded':
      return `${asked} is reported as ${vulnerabilityId}. ${because}`
    case 'undetermined':
      return `Whether ${name} concerns this image could not be determined. ${because}`
    case 'not-judged':
      return `${name} was not judged in this image. ${because}`
    case 'unknown':
      return `No advisory at hand names ${asked}. ${because}`.trimEnd()
    default:
      return `${name} is not reported. ${because}`
  }
}

/** "openssl 3.0.2-1 is below 3.0.2-0ubuntu1.12, so it is affected." */
export function affected({ name, version }: Subject, explanations: readonly Explanation[]): string {
  const [first] = explanations
  if (first?.listed === true && first.introduced === null)
    return `${name} ${version} is among the versions that the advisory lists, so it is affected.`
  if (first?.fixed != null) return `${name} ${version} is below ${first.fixed}, so it is affected.`
  if (first?.lastAffected != null)
    return `${name} ${version} is not above ${first.lastAffected}, the last affected version, so it is affected.`
  return `${name} ${version} is affected, and the advisory names no version with a fix.`
}

/** "openssl 3.0.2-1 is not below 3.0.1-1, so it is fixed." */
export function outside({ entries, subject }: Judgement, ecosystem: Ecosystem): string {
  const { name, version } = subject
  const compareWith = comparing(version, ecosystem)
  const intervals = entries.flatMap(entry => entry.intervals)
  if (intervals.some(({ introduced, fixed }) => introduced === '0' && fixed === '0'))
    return `The advisory says that ${name} never was affected.`
  for (const { fixed } of intervals) {
    if (fixed !== null && stands(compareWith, fixed) >= 0)
      return `${name} ${version} is not below ${fixed}, so it is fixed.`
  }
  for (const { lastAffected } of intervals) {
    if (lastAffected !== null && stands(compareWith, lastAffected) > 0)
      return `${name} ${version} is above ${lastAffected}, the last affected version.`
  }
  for (const { introduced } of intervals) {
    if (introduced !== '0' && stands(compareWith, introduced) < 0)
      return `${name} ${version} is below ${introduced}, the first affected version.`
  }
  return `${name} ${version} is not among the versions that the advisory lists.`
}

/** What cannot be compared is no ground for a sentence. */
function stands(compareWith: (other: string) => number, other: string): number {
  try {
    return compareWith(other)
  } catch {
    return Number.NaN
  }
}

export const undetermined = ({ name, version }: Subject, reason: string): string =>
  `${name} ${version} could not be compared: ${reason}.`

/** What a record says of another channel or minor release does not count beside one about the version's own. */
export function overruled(
  { entries, subject, paid }: Judgement,
  deciding: readonly Judgement[],
  ecosystem: Ecosystem,
): string {
  const { name, version } = subject
  const fixes = entries.flatMap(({ intervals }) => intervals.map(({ fixed }) => fixed))
  const fixed = fixes.find(one => one !== null)
  const isChannel = paid || ecosystem.buildOf === undefined
  const where = isChannel ? readable(entries[0]?.feed ?? '') : 'another minor release'
  const there = fixed === undefined ? `In ${where} there is no fix` : `In ${where} it is fixed in ${fixed}`
  const ids = [...new Set(deciding.map(({ advisory }) => advisory.id))].join(', ')
  const own = ids === '' ? 'where it is from, it is fixed' : `what counts is ${ids}`
  return `${there}; ${name} ${version} is not from there, and ${own}.`
}

/** "nodejs 1:10.24.0-1 is of nodejs:10, and the advisory is about nodejs:12." */
export function otherModule({ entries, subject }: Judgement, ecosystem: Ecosystem): string {
  const { name, version, module } = subject
  const isModular = module !== null || ecosystem.buildOf?.(version)?.modular === true
  const own = module ?? (isModular ? 'a module' : 'no module')
  const about = [...new Set(entries.map(entry => entry.module))].map(one =>
    one === null ? 'packages outside modules' : one === '' ? 'packages of a module' : one,
  )
  return `${name} ${version} is of ${own}, and the advisory is about ${about.join(' and ')}.`
}

export const thirdParty = ({ name, version }: InstalledPackage, vendor: string): string =>
  `${name} ${version} is from ${vendor}, and the advisory is about the distribution’s own.`

export const notMatched = (affectedSentence: string): string =>
  `${affectedSentence} It is not among the findings: the image lists more than is matched, or has not been matched since the advisory came.`

export const tooMany = (name: string, version: string): string =>
  `The image lists more packages by this name than are explained: from ${name} ${version} on nothing was judged.`

const maxNamed = 3

export function notInstalled(names: readonly string[]): string {
  const shown = names.filter(name => name !== '').slice(0, maxNamed)
  const more = names.length - shown.length
  if (shown.length === 0) return 'The advisory names no package.'
  if (names.length === 1) return `${shown.join('')} is not installed.`
  return `None of the packages it names is installed: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
}

/** "It is about Debian 11 and Debian 12, and this image is Debian GNU/Linux 13 (trixie)." */
export function otherRelease({ affected: entries }: Advisory, distro: Distro | null): string {
  const feeds = [...new Set(entries.map(({ feed }) => readable(feed)))]
  const shown = feeds.slice(0, maxReleases)
  const more = feeds.length - shown.length
  const about = more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
  const image = distro === null ? 'does not say what it is' : `is ${distro.prettyName}`
  if (feeds.length === 0) return 'The advisory names no package of any release.'
  return `It is about ${about}, and this image ${image}.`
}

const maxReleases = 12

export const withdrawn = ({ id, withdrawnAt }: Advisory): string =>
  `${id} was withdrawn${withdrawnAt === null || withdrawnAt.startsWith('1970') ? '' : ` on ${withdrawnAt.slice(0, 10)}`}.`
