import { listRepositories, type RegistryClient, SourceError } from '@plimsoll/engine'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/statements.ts'
import type { RepositoryPlace } from './held.ts'

/** The registry gives no catalogue and nobody named its repositories. Thrown once all that is known was listed. */
export class NoCatalogue extends Error {
  constructor(cause: SourceError) {
    super('The registry gives no list of its repositories, so only those that it told of are watched.', {
      cause,
    })
    this.name = 'NoCatalogue'
  }
}

/**
 * The names of the repositories to list: those that were named for the registry, or else its catalogue; and then those
 * that have tags here and were not listed since, which the registry may have no more.
 *
 * @throws NoCatalogue at the end, SourceError
 */
export async function* repositoriesToList(
  db: Db,
  registryId: string,
  client: RegistryClient,
  since: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const refused = yield* namedOrListed(db, registryId, client, signal)
  for (let after = ''; ; ) {
    const next = prepared(
      db,
      `select name from repository rp
       where registry_id = @registryId and name > @after and (listed_at is null or listed_at < @since)
         and exists (select 1 from tag where repository_id = rp.id)
       order by name limit 1`,
    )
      .pluck()
      .get({ registryId, after, since }) as string | undefined
    if (next === undefined) break
    yield next
    after = next
  }
  if (refused !== null) throw new NoCatalogue(refused)
}

async function* namedOrListed(
  db: Db,
  registryId: string,
  client: RegistryClient,
  signal: AbortSignal,
): AsyncGenerator<string, SourceError | null> {
  const named = prepared(db, 'select repositories from registry where id = ?').pluck().get(registryId) as
    | string
    | null
  const names = named === null ? [] : (JSON.parse(named) as string[])
  if (names.length > 0) {
    yield* new Set(names)
    return null
  }
  let listed = 0
  try {
    for await (const name of listRepositories(client, signal)) {
      listed += 1
      yield name
    }
  } catch (error) {
    const refuses =
      error instanceof SourceError && (error.code === 'unauthorized' || error.code === 'image-not-found')
    if (!refuses || listed > 0) throw error
    return error
  }
  return null
}

/** All repositories that are known of a registry. */
export const repositoryIds = (db: Db, registryId: string): IterableIterator<RepositoryPlace> =>
  (
    prepared(db, 'select id, name from repository where registry_id = ? order by id').all(
      registryId,
    ) as RepositoryPlace[]
  ).values()
