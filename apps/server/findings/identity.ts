import type { Match } from '@plimsoll/types'

/** What identifies a finding within its occurrence. */
export type Identity = Pick<Match, 'vulnerabilityId' | 'ecosystem' | 'feed' | 'sourceName' | 'sourceVersion'>

/** A finding that is stored. */
export interface Existing extends Identity {
  readonly id: number
  readonly matchId: number
  readonly state: string
  /** 1 or 0. */
  readonly patchable: number
  /** ISO 8601. */
  readonly firstSeenAt: string
  readonly closedAt: string | null
  readonly closeReason: string | null
}

export const keyOf = (one: Identity): string => joined(one.vulnerabilityId, packageOf(one))

/** The package version that a finding is about, whatever the vulnerability. */
export const packageOf = ({ ecosystem, feed, sourceName, sourceVersion }: Identity): string =>
  joined(ecosystem, feed, sourceName, sourceVersion)

export const joined = (...parts: readonly string[]): string => parts.join('\u0000')
