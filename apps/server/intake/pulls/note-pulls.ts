import type { LastPull, LastPulls } from '@plimsoll/engine'
import type { Db } from '../../db/open.ts'
import { inTransaction, prepared } from '../../db/statements.ts'
import type { RepositoryPlace } from '../reconcile/held.ts'
import { isOwnRead } from './own-reads.ts'

const pullsPerTransaction = 200

/** Takes in the pulls of a repository by anybody but us. @returns of how many images newer ones are known now. */
export async function notePulls(
  db: Db,
  { id: repositoryId, name }: RepositoryPlace,
  pulls: LastPulls,
  signal: AbortSignal,
): Promise<number> {
  let noted = 0
  let chunk: LastPull[] = []
  const take = (): void => {
    noted += inTransaction(db, () => chunk.filter(pull => takePull(db, repositoryId, pull)).length)
    chunk = []
  }
  for await (const pull of pulls.of(name, signal)) {
    chunk.push(pull)
    if (chunk.length === pullsPerTransaction) take()
  }
  take()
  return noted
}

/**
 * A pull at a time that has not come yet, by a clock that goes ahead, is passed over until it has: the image would stay
 * "recently pulled" for as long, and when it was really pulled cannot be told.
 * @returns whether it is news.
 */
function takePull(db: Db, repositoryId: number, { digest, pulledAt, granularityMs }: LastPull): boolean {
  if (pulledAt > new Date().toISOString()) return false
  const isNews = prepared(
    db,
    `select 1 from occurrence where repository_id = ? and digest = ? and (last_pulled_at is null or last_pulled_at < ?)`,
  ).get(repositoryId, digest, pulledAt)
  if (isNews === undefined || isOwnRead(db, { repositoryId, digest, at: pulledAt, granularityMs }))
    return false
  prepared(db, 'update occurrence set last_pulled_at = ? where repository_id = ? and digest = ?').run(
    pulledAt,
    repositoryId,
    digest,
  )
  return true
}
