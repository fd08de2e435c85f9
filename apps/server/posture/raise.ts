import type { Raise, Scope } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { raisesByBase } from './raise-bases.ts'
import { gainsOf } from './raise-gain.ts'
import { raisesByUpgrade } from './raise-upgrades.ts'

/** As many as anybody goes through. */
const most = 10

/** What would raise the score of a scope most: by points, then images that turn healthy, then findings that go. */
export function raiseScore(db: Db, scope?: Scope): Raise[] {
  const gains = gainsOf(db, scope)
  return [...raisesByUpgrade(db, gains), ...raisesByBase(db, gains)].toSorted(byGain).slice(0, most)
}

const byGain = (a: Raise, b: Raise): number =>
  b.points - a.points ||
  b.healthyImages - a.healthyImages ||
  b.findings - a.findings ||
  (nameOf(a) < nameOf(b) ? -1 : 1)

const nameOf = (raise: Raise): string =>
  raise.kind === 'upgrade'
    ? JSON.stringify([raise.feed, raise.ecosystem, raise.package])
    : JSON.stringify([raise.base.registryId, raise.base.repository, raise.base.digest])
