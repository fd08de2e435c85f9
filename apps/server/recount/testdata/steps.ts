import type { NewDisableRule, Plan } from '@plimsoll/types'
import type { Content } from './contents.ts'
import type { Edition } from './records.ts'

/** What may happen to a made-up fleet. */

export const groups = { upper: 'tenant', lower: 'upper', other: 'tenant' } as const
export const subscriptions = { s1: 'lower', s2: 'tenant', s3: 'other' } as const
export const registries = { r1: 's1', r2: 's1', r3: 's2' } as const
export type GroupId = keyof typeof groups
export type SubscriptionId = keyof typeof subscriptions
export type RegistryId = keyof typeof registries

export interface Place {
  readonly registry: RegistryId
  readonly repository: string
}

/**
 * How the registry tells of it: at once; at once and once more; or with the next delivery, in whatever order.
 */
export type Telling = 'now' | 'twice' | 'later'

export type Happening =
  | { readonly do: 'push'; readonly place: Place; readonly content: number; readonly tag: string | null; readonly telling: Telling }
  | { readonly do: 'pull' | 'delete' | 'untag'; readonly place: Place; readonly pick: number; readonly telling: Telling }
  /** What was to be told later is, from this one on. */
  | { readonly do: 'tell'; readonly registry: RegistryId; readonly first: number }
  | { readonly do: 'watch'; readonly registry: RegistryId; readonly repositories: readonly string[] }
  | { readonly do: 'request' | 'delete-here'; readonly place: Place; readonly pick: number }
  | { readonly do: 'import'; readonly edition: Edition }
  | { readonly do: 'create-rule'; readonly rule: NewDisableRule; readonly days: number | null }
  | { readonly do: 'change-rule'; readonly pick: number; readonly rule: NewDisableRule; readonly days: number | null }
  | { readonly do: 'delete-rule'; readonly pick: number }
  | { readonly do: 'sleep'; readonly hours: number }
  | { readonly do: 'move-registry'; readonly registry: RegistryId; readonly to: SubscriptionId }
  | { readonly do: 'move-subscription'; readonly subscription: SubscriptionId; readonly to: GroupId | 'tenant' }
  | { readonly do: 'move-group'; readonly group: GroupId; readonly to: GroupId | 'tenant' }
  | { readonly do: 'plan'; readonly subscription: SubscriptionId; readonly plan: Plan }
  | { readonly do: 'push-trigger'; readonly subscription: SubscriptionId; readonly set: boolean }
  | { readonly do: 'remove-registry' | 'connect-registry'; readonly registry: RegistryId }
  | { readonly do: 'sweep' }
  | { readonly do: 'snapshot' }

/** @property look chooses what is looked at after it, beside what always is. */
export type Step = Happening & { readonly look: number }

export interface Fleet {
  readonly pool: readonly Content[]
  readonly steps: readonly Step[]
}
