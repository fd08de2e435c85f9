import type { FindingRow, Platform, ScanTrigger } from '@plimsoll/types'
import { shortDigest } from './digest.ts'

/** An image as people name it: `team/api:1.4` by its first tag, else `team/api@3f2a9c01b7de`. */
export function imageName(image: { repository: string; tags: readonly string[]; digest: string }): string {
  const tag = image.tags[0]
  return tag === undefined ? `${image.repository}@${shortDigest(image.digest)}` : `${image.repository}:${tag}`
}

/** `linux/arm64/v8`. */
export const platformText = (platform: Platform): string =>
  [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')

export const triggerText: Readonly<Record<ScanTrigger, string>> = {
  push: 'Push',
  discovery: 'Discovery',
  request: 'Request',
  demonstration: 'Demonstration',
  import: 'Import',
  rescan: 'Rescan',
  running: 'Running',
  'reader-changed': 'New version',
}

/**
 * The other ids of a finding that tell something: without those that only put a feed's name before its own, such as
 * `DEBIAN-CVE-2024-0727`.
 */
export const otherIds = (finding: {
  vulnerabilityId: string
  aliases: readonly string[]
}): readonly string[] => finding.aliases.filter(alias => !alias.endsWith(finding.vulnerabilityId))

/** What is known of a fix, in words; a paid channel by its name where there is but one. */
export function fixText({ fixState, category }: Pick<FindingRow, 'fixState' | 'category'>): string {
  switch (fixState) {
    case 'available':
      return 'Fix available'
    case 'none':
      return 'No fix'
    case 'will-not-fix':
      return 'Will not fix'
    case 'deferred':
      return 'Deferred'
    case 'needs-paid-channel':
      return category === 'Ubuntu' ? 'Needs Ubuntu Pro' : 'Needs a paid channel'
  }
}

/** Ecosystems as people say them; one that is not known here keeps its id. */
const ecosystemNames: Readonly<Record<string, string>> = { deb: 'dpkg' }

export const ecosystemName = (id: string): string => ecosystemNames[id] ?? id
