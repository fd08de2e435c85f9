import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { Refusal } from '../refusal.ts'
import type { RuleKeeper } from '../rules/keeper.ts'

/** Who changes scopes, and with what. */
export interface ScopeDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly viewer: { readonly name: string }
  /** Other rules hold where a scope was moved to. */
  readonly rules: Pick<RuleKeeper, 'wake'>
}

/**
 * An id made of a name: `Plant 7 / Süd` becomes `plant-7-sud`, and another one of that name `plant-7-sud-2`. It stands in
 * addresses and in exports, so a rename leaves it as it is.
 */
export function idFromName(name: string, fallback: string, isTaken: (id: string) => boolean): string {
  const letters = name.normalize('NFKD').toLowerCase().replaceAll(/\p{M}/gu, '')
  const base = trimmed(letters.replaceAll(/[^a-z0-9]+/g, '-')).slice(0, 50) || fallback
  for (let number = 1; ; number++) {
    const id = number === 1 ? trimmed(base) : `${trimmed(base)}-${number}`
    if (!isTaken(id)) return id
  }
}

const trimmed = (text: string): string => text.replaceAll(/^-+|-+$/g, '')

/**
 * Two of the same name under one management group could not be told apart, whatever letters they are written in.
 * @param except the scope itself, when it is renamed or moved.
 * @throws Refusal
 */
export function requireFreeName(db: Db, parentId: string, name: string, except: string | null): void {
  const siblings = prepared(
    db,
    `select 'group ' || id key, name from management_group where parent_id = @parentId
     union all select 'subscription ' || id, name from subscription where management_group_id = @parentId`,
  ).all({ parentId }) as { key: string; name: string }[]
  const taken = siblings.find(one => one.key !== except && folded(one.name) === folded(name))
  if (taken !== undefined) {
    throw new Refusal('conflict', `There is "${taken.name}" in this management group already.`, {
      hint: 'Give another name.',
    })
  }
}

const folded = (name: string): string => name.normalize('NFKC').toLowerCase()

/** "2 registries and 1 disable rule"; empty when nothing is there. */
export function enumerated(counts: readonly (readonly [number, string, string])[]): string {
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`)
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
