import { listRepositories, listTags, type RegistryClient, SourceError } from '@plimsoll/engine'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { enqueue } from '../jobs/queue.ts'
import { noteRegistry } from './connection.ts'
import { deleteDigest } from './deletion.ts'
import { ensureRepository } from './places.ts'
import { pointTag, removeUnlisted } from './tags.ts'

export interface DiscoveryDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly wakeRunner: () => void
}

/** Requests to a registry at a time, beside those of scans. */
const concurrency = 4
const firstRetryMs = 2000
const lastRetryMs = 5 * 60_000

/**
 * Finds out what a registry holds: every repository's tags, a scan for what is not known yet, and which of the images
 * without a tag are gone. Tries again, at growing intervals, until it was done once; what goes wrong stands with the
 * registry. Resolves when done or aborted.
 */
export async function discover(
  registryId: string,
  client: RegistryClient,
  deps: DiscoveryDeps,
  signal: AbortSignal,
): Promise<void> {
  const { db, events, log } = deps
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      await discoverOnce(registryId, client, deps, signal)
      noteRegistry(db, registryId, null, events)
      return
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof SourceError)) throw error
      const { code, message, hint } = error
      // Whatever the catalogue's error is, it is the registry's; scans and pushes may work all the same.
      noteRegistry(db, registryId, { code: 'registry-unreachable', message, hint }, events)
      log.warn({ registryId, code, reason: message, tries }, 'a registry could not be listed')
      await pause(Math.min(firstRetryMs * 2 ** tries, lastRetryMs), signal)
    }
  }
}

async function discoverOnce(
  registryId: string,
  client: RegistryClient,
  deps: DiscoveryDeps,
  signal: AbortSignal,
): Promise<void> {
  const { db, events, log } = deps
  const since = new Date().toISOString()
  await client.ping(signal)
  let found = 0
  for await (const repository of listRepositories(client, signal)) {
    const digests = await tagsWithDigests(client, repository, signal)
    const asked = takeListing(db, registryId, repository, digests, since)
    found += asked
    if (asked > 0) {
      events.publish({ type: 'changed', what: 'images' })
      deps.wakeRunner()
    }
  }
  const gone = await findGone(registryId, client, db, signal)
  inTransaction(db, () => {
    for (const { repositoryId, digest } of gone) {
      deleteDigest(db, { repositoryId, digest, eventAt: null, at: new Date().toISOString() })
    }
    prepared(db, 'update registry set discovered_at = ? where id = ?').run(since, registryId)
  })
  if (gone.length > 0) deps.wakeRunner()
  log.info({ registryId, scans: found, gone: gone.length }, 'a registry was listed')
  for (const what of ['registries', 'images', 'findings'] as const) events.publish({ type: 'changed', what })
}

async function tagsWithDigests(
  client: RegistryClient,
  repository: string,
  signal: AbortSignal,
): Promise<{ tag: string; digest: string }[]> {
  // A catalogue names what an interrupted first push or the last deletion left without any tag; its tags are not found.
  const tags = (await unlessGone(Array.fromAsync(listTags(client, repository, signal)))) ?? []
  return await inParallel(tags, async tag => {
    const digest = await unlessGone(client.digestOf(repository, tag, signal))
    return digest === null ? [] : [{ tag, digest }]
  })
}

/** @returns how many scans were asked for. */
function takeListing(
  db: Db,
  registryId: string,
  repository: string,
  listed: readonly { tag: string; digest: string }[],
  since: string,
): number {
  return inTransaction(db, () => {
    const repositoryId = ensureRepository(db, registryId, repository)
    for (const { tag, digest } of listed) {
      pointTag(db, { repositoryId, name: tag, digest, eventAt: null, at: since })
    }
    const names = listed.map(({ tag }) => tag)
    removeUnlisted(db, repositoryId, names, since)
    const unknown = [...new Set(listed.map(({ digest }) => digest))].filter(
      digest => !isKnown(db, repositoryId, digest),
    )
    return unknown.filter(
      digest => enqueue(db, { repositoryId, digest, trigger: 'discovery' }, new Date().toISOString()).isNew,
    ).length
  })
}

/** Whether there is a result for it, or for an index's every image, so that it need not be scanned again. */
const isKnown = (db: Db, repositoryId: number, digest: string): boolean =>
  prepared(
    db,
    `select count(*) > 0 and count(*) = count(o.id) from (
       select @digest digest where not exists (select 1 from index_member where index_digest = @digest)
       union all select im.digest from index_member im where im.index_digest = @digest) wanted
     left join occurrence o on o.repository_id = @repositoryId and o.digest = wanted.digest
       and o.deleted_at is null and o.coverage_status <> 'not-scanned'`,
  )
    .pluck()
    .get({ repositoryId, digest }) === 1

/** Images that no tag leads to are in no listing: whether they are still there has to be asked one by one. */
async function findGone(
  registryId: string,
  client: RegistryClient,
  db: Db,
  signal: AbortSignal,
): Promise<{ repositoryId: number; digest: string }[]> {
  const untagged = prepared(
    db,
    `select o.repository_id repositoryId, rp.name repository, o.digest
     from occurrence o join repository rp on rp.id = o.repository_id
     where rp.registry_id = ? and o.deleted_at is null
       and not exists (select 1 from tag t where t.repository_id = o.repository_id and t.digest = o.digest)`,
  ).all(registryId) as { repositoryId: number; repository: string; digest: string }[]
  return await inParallel(untagged, async ({ repositoryId, repository, digest }) => {
    const manifest = await unlessGone(client.manifest(repository, digest, signal))
    return manifest === null ? [{ repositoryId, digest }] : []
  })
}

/** Null when the registry says that there is no such thing. */
async function unlessGone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof SourceError && error.code === 'image-not-found') return null
    throw error
  }
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R[]>): Promise<R[]> {
  const results: R[] = []
  const waiting = items.values()
  const worker = async (): Promise<void> => {
    for (const item of waiting) results.push(...(await work(item)))
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return results
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
