import type { Platform } from '@plimsoll/types'

/** What container runtimes take for the same; containerd's and Docker's platforms package has the list. */
const sameArchitecture: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  i386: '386',
}

/** What an architecture without a variant means, as containerd and Docker normalise it. */
const impliedVariants: Readonly<Record<string, string>> = { arm64: 'v8', arm: 'v7', amd64: 'v1' }

/** Whether something for this platform runs on this system: linux, windows. Runtimes do not look at letter case. */
export const isFor = (system: string, { os }: Pick<Platform, 'os'>): boolean => os.toLowerCase() === system

/**
 * Whether a platform is one of those wanted; where none is named, every one is. A wanted platform without a variant
 * takes every variant: each of them runs somewhere.
 */
export function isWanted(platform: Platform, wanted: readonly Platform[]): boolean {
  if (wanted.length === 0) return true
  const architecture = architectureOf(platform)
  return wanted.some(
    want =>
      isFor(want.os.toLowerCase(), platform) &&
      architectureOf(want) === architecture &&
      (want.variant === undefined || variantOf(want) === variantOf(platform)),
  )
}

function architectureOf({ architecture }: Platform): string {
  const lower = architecture.toLowerCase()
  return sameArchitecture[lower] ?? lower
}

const variantOf = (platform: Platform): string | undefined =>
  platform.variant?.toLowerCase() ?? impliedVariants[architectureOf(platform)]
