import type { Db } from '../../db/open.ts'
import { inTransaction, prepared } from '../../db/statements.ts'
import type { RepositoryPlace } from '../reconcile/held.ts'
import { isOwnRead } from './own-reads.ts'

/** When a registry last noted a pull of a manifest. */
export interface LastPull {
  readonly digest: string
  /** ISO 8601. */
  readonly at: string
}

/** Reads the last pulls of a repository from a registry that keeps them. */
export interface LastPulls {
  /** How exact its times are. */
  readonly granularityMs: number
  /** @throws SourceError */
  read(repository: string, signal: AbortSignal): AsyncIterable<LastPull>
}

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
    noted += inTransaction(
      db,
      () => chunk.filter(pull => takePull(db, repositoryId, pull, pulls.granularityMs)).length,
    )
    chunk = []
  }
  for await (const pull of pulls.read(name, signal)) {
    chunk.push(pull)
    if (chunk.length === pullsPerTransaction) take()
  }
  take()
  return noted
}

/** @returns whether it is news. */
function takePull(
  db: Db,
  repositoryId: number,
  { digest, at: told }: LastPull,
  granularityMs: number,
): boolean {
  const time = Date.parse(told)
  // Harbor says the year 1 of what was never pulled.
  if (Number.isNaN(time) || time <= 0) return false
  const at = new Date(time).toISOString()
  const isNews = prepared(
    db,
    `select 1 from occurrence where repository_id = ? and digest = ? and (last_pulled_at is null or last_pulled_at < ?)`,
  ).get(repositoryId, digest, at)
  if (isNews === undefined || isOwnRead(db, { repositoryId, digest, at, granularityMs })) return false
  prepared(db, 'update occurrence set last_pulled_at = ? where repository_id = ? and digest = ?').run(
    at,
    repositoryId,
    digest,
  )
  return true
}
