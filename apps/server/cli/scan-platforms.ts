import { isWanted, type Resolution } from '@plimsoll/engine'
import { type Platform, platformName, type ScanFailure } from '@plimsoll/types'

/** The platforms that were asked for and that nothing is there for, each with what there is. */
export function platformsMissing(
  { images, notApplicable, unresolved, unwanted }: Resolution,
  wanted: readonly Platform[],
): ScanFailure[] {
  const found = [...images, ...notApplicable, ...unresolved].flatMap(({ platform }) => platform ?? [])
  const there = [...found, ...unwanted.flatMap(({ platform }) => platform ?? [])].map(platformName)
  const isNameless = there.length === 0 && unwanted.length > 0
  return wanted
    .filter(one => !found.some(platform => isWanted(platform, [one])))
    .map(one => ({
      digest: null,
      platform: one,
      code: 'image-not-found' as const,
      message: isNameless
        ? 'The image does not say which platform it is for.'
        : `There is no image for ${platformName(one)}.`,
      hint: isNameless ? 'Leave --platform out.' : whatThereIs([...new Set(there)]),
    }))
}

/** The images that an index lists and that are missing or damaged. */
export const unresolvedFailures = ({ unresolved }: Resolution): ScanFailure[] =>
  unresolved.map(({ digest, platform, error: { code, message, hint } }) => {
    const leaveOut = platform === null ? null : 'To leave it out, name the others with --platform.'
    return { digest, platform, code, message, hint: [hint, leaveOut].filter(Boolean).join(' ') || null }
  })

const whatThereIs = (names: readonly string[]): string | null =>
  names.length === 0 ? null : `There is ${names.join(', ')}.`
