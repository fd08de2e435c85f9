import type { Scope } from '@plimsoll/types'
import type { Recount } from './recount.ts'
import type { SeenImage } from './seen.ts'
import type { ServerParts } from './server-parts.ts'
import type { World } from './world.ts'

/** What a question is asked with, and what its answer is held against. */
export interface Asked {
  readonly api: ServerParts['api']
  readonly world: World
  /** What is asked about; undefined: everything. */
  readonly scope: Scope | undefined
  /** Of the scope. */
  readonly count: Recount
  /** One of them, the same whenever the same is played; undefined when there is none. */
  readonly pick: <T>(from: readonly T[]) => T | undefined
}

/** As the API names an image. */
export const nameOf = (row: { registryId: string; repository: string; digest: string }): string =>
  `${row.registryId} ${row.repository} ${row.digest}`

export const keyOf = ({ repository, image }: SeenImage): string =>
  `${repository.registry} ${repository.name} ${image.digest}`

/** The latest of some times; null when there is none. */
export const latest = (times: readonly (string | null)[]): string | null =>
  times.filter(time => time !== null).toSorted().at(-1) ?? null
