import { setImmediate } from 'node:timers/promises'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { ensureOccurrence, ensureRepository } from '../intake/places.ts'
import { isUnknown } from '../intake/reconcile/unknown.ts'
import { settle, takeBack } from '../intake/superseding.ts'
import { enqueue } from '../jobs/queue.ts'
import { mayScan } from '../plans/plan.ts'
import type { Listing } from './listing.ts'

/** A write transaction of this many images stays well under 50 ms. */
const chunkSize = 100
const windowSize = 1000

/**
 * Notes what a cluster runs of connected registries, in chunks, and forgets what it ran before. What it runs and has no
 * result is scanned, where that trigger is set, and again a while after that failed.
 * @returns how many scans that are new.
 */
export async function recordListing(db: Db, cluster: string, listing: Listing, at: string): Promise<number> {
  const { pods, images, pulled } = listing
  ensureCluster(db, cluster)
  const registries = registriesByHost(db)
  let asked = 0
  for (let from = 0; from < pulled.length; from += chunkSize) {
    const superseded: number[] = []
    inTransaction(db, () => {
      for (const image of pulled.slice(from, from + chunkSize)) {
        for (const registryId of registries.get(image.host) ?? [])
          asked += noteRunning(db, { registryId, cluster, ...image }, superseded, at)
      }
    })
    await setImmediate()
    for (const id of superseded) {
      inTransaction(db, () => takeBack(db, id))
      await setImmediate()
    }
  }
  await forgetRunning(db, 'cluster = @cluster and seen_at <> @at', { cluster, at })
  prepared(db, 'update cluster set listed_at = ?, error = null, pods = ?, images = ? where name = ?').run(
    at,
    pods,
    images,
    cluster,
  )
  return asked
}

/** What was listed last stays: it runs still, for all that is known. */
export function recordListingFailed(db: Db, cluster: string, error: string): void {
  ensureCluster(db, cluster)
  prepared(db, 'update cluster set error = ? where name = ?').run(error, cluster)
}

/** Forgets the clusters that are watched no more, and what they ran. @param watched null: none is. */
export async function forgetOtherClusters(db: Db, watched: string | null): Promise<void> {
  await forgetRunning(db, 'cluster is not @cluster', { cluster: watched, at: new Date().toISOString() })
  prepared(db, 'delete from cluster where name is not ?').run(watched)
}

/**
 * Forgets what runs no more, each with what follows: where its tag went to another image, that one counts in its stead.
 * The table is looked through in windows, so that it holds nobody up.
 */
async function forgetRunning(
  db: Db,
  where: string,
  values: { readonly cluster: string | null; readonly at: string },
): Promise<void> {
  const end = prepared(
    db,
    `select max(rowid) from (select rowid from running_image where rowid > ? order by rowid limit ${windowSize})`,
  ).pluck()
  const gone = prepared(
    db,
    `select ri.rowid id, (select repository_id from occurrence where id = ri.occurrence_id) repositoryId
     from running_image ri where ri.rowid > @after and ri.rowid <= @last and ${where}`,
  )
  for (let after = 0; ; ) {
    const last = end.get(after) as number | null
    if (last === null) return
    for (const { id, repositoryId } of gone.all({ after, last, ...values }) as {
      id: number
      repositoryId: number
    }[]) {
      inTransaction(db, () => {
        prepared(db, `delete from running_image where rowid = @id and ${where}`).run({ id, ...values })
        settle(db, repositoryId, values.at)
      })
      await setImmediate()
    }
    after = last
    await setImmediate()
  }
}

const ensureCluster = (db: Db, name: string): void =>
  void prepared(db, 'insert into cluster (name) values (?) on conflict do nothing').run(name)

function registriesByHost(db: Db): Map<string, string[]> {
  const rows = prepared(
    db,
    'select id, url from registry where url is not null and removed_at is null',
  ).all() as {
    id: string
    url: string
  }[]
  return Map.groupBy(rows, ({ url }) => new URL(url).host)
    .entries()
    .reduce(
      (byHost, [host, found]) =>
        byHost.set(
          host,
          found.map(({ id }) => id),
        ),
      new Map<string, string[]>(),
    )
}

interface Running {
  readonly registryId: string
  readonly cluster: string
  readonly repository: string
  readonly digest: string
  readonly workloads: readonly string[]
}

/**
 * Of an index its images run, whichever it was: a pod does not tell.
 * @param superseded takes those that were superseded: as long as they run, they count.
 * @returns how many scans that are new.
 */
function noteRunning(db: Db, running: Running, superseded: number[], at: string): number {
  const { registryId, cluster, repository, digest, workloads } = running
  const scanned = mayScan(db, registryId, 'running')
  let known = occurrencesOf(db, running)
  if (known.length === 0) {
    // What is not known yet is known once it was scanned; where nothing would scan it, it is left alone.
    if (!scanned || !isWatched(db, registryId, repository)) return 0
    ensureOccurrence(db, ensureRepository(db, registryId, repository), digest, at)
    known = occurrencesOf(db, running)
  }
  let asked = 0
  for (const { id, repositoryId, digest: of, coverageStatus, isSuperseded } of known) {
    if (isSuperseded === 1) superseded.push(id)
    prepared(
      db,
      `insert into running_image (occurrence_id, cluster, workloads, seen_at) values (?, ?, ?, ?)
       on conflict do update set workloads = excluded.workloads, seen_at = excluded.seen_at`,
    ).run(id, cluster, JSON.stringify(workloads), at)
    // Asked for with each listing: its scan may have failed, or the trigger been off when it began to run.
    if (!scanned || coverageStatus !== 'not-scanned' || !isUnknown(db, repositoryId, of, new Date(at)))
      continue
    if (enqueue(db, { repositoryId, digest: of, trigger: 'running' }, at).isNew) asked += 1
  }
  return asked
}

interface Known {
  readonly id: number
  readonly repositoryId: number
  readonly digest: string
  readonly coverageStatus: string
  /** 1 or 0. */
  readonly isSuperseded: number
}

const occurrencesOf = (db: Db, { registryId, repository, digest }: Running): Known[] =>
  prepared(
    db,
    `select o.id, o.repository_id repositoryId, o.digest, o.coverage_status coverageStatus,
       o.superseded_at is not null isSuperseded
     from repository rp join occurrence o on o.repository_id = rp.id
     where rp.registry_id = @registryId and rp.name = @repository and o.deleted_at is null
       and o.digest in (select @digest union all select im.digest from index_member im where im.index_digest = @digest)`,
  ).all({ registryId, repository, digest }) as Known[]

/** Where a registry has a list of repositories to watch, others are none of ours. */
const isWatched = (db: Db, registryId: string, repository: string): boolean =>
  prepared(
    db,
    `select 1 from registry where id = @registryId and (repositories is null or repositories = '[]'
       or exists (select 1 from json_each(repositories) where value = @repository))`,
  ).get({ registryId, repository }) !== undefined
