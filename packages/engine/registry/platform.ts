import type { Platform } from '@plimsoll/types'

/** What an architecture without a variant means, as containerd and Docker normalise it. */
const impliedVariants: Readonly<Record<string, string>> = { arm64: 'v8', arm: 'v7', amd64: 'v1' }

const variantOf = (platform: Platform): string | undefined =>
  platform.variant ?? impliedVariants[platform.architecture]

/**
 * Whether an index entry's platform is one of those wanted. A wanted platform without a variant takes every
 * variant: each of them runs somewhere.
 */
export function isWanted(platform: Platform, wanted: readonly Platform[]): boolean {
  return wanted.some(
    want =>
      want.os === platform.os &&
      want.architecture === platform.architecture &&
      (want.variant === undefined || variantOf(want) === variantOf(platform)),
  )
}
