import { listTags } from '@plimsoll/engine'
import type { Db } from '../../db/open.ts'
import { inTransaction, prepared } from '../../db/statements.ts'
import { enqueue } from '../../jobs/queue.ts'
import { ensureRepository } from '../places.ts'
import { settle } from '../superseding.ts'
import { moveTag, removeUnlisted } from '../tags.ts'
import { breathe, onEach, type Pass, unlessGone } from './ask.ts'
import { addListed, forgetListed, startListed, unlistedTags } from './listed-tags.ts'
import { deleteIfGone, requestsAtOnce } from './presence.ts'
import { isUnknown } from './unknown.ts'

/** Tags that are asked about, and taken in with one transaction, at a time: some 10 ms where all of them are new. */
const tagsPerChunk = 100

/**
 * Lists a repository's tags and takes in what has changed: new and moved tags, those that are gone, and scans for
 * digests that nothing is known of.
 * @returns how many scans were asked for.
 */
export async function listRepository(pass: Pass, repository: string): Promise<number> {
  const { db, registryId, client, gate, doubts, signal, changed } = pass
  const since = new Date().toISOString()
  const known = prepared(db, 'select id from repository where registry_id = ? and name = ?')
    .pluck()
    .get(registryId, repository) as number | undefined
  const names = await unlessGone(firstPage(listTags(client, repository, signal), gate))
  // A name that somebody gave and that is not there yet, or what an interrupted first push left, is no repository.
  if (known === undefined && (names === null || names.first === null)) return 0
  const repositoryId = known ?? ensureRepository(db, registryId, repository)
  await startListed(db, repositoryId)
  let asked = 0
  if (names !== null) {
    for await (const chunk of chunksOf(names.all))
      asked += await takeChunk(pass, { repositoryId, repository }, chunk)
  }
  for (const unlisted of unlistedTags(db, repositoryId, since)) {
    const page = unlisted.filter(({ name, digest }) =>
      doubts.believe(`no tag ${repositoryId} ${name} ${digest}`),
    )
    if (page.length > 0) {
      inTransaction(db, () => removeUnlisted(db, repositoryId, page, since))
      changed()
      // With an index its images go, which are in no listing, so it is asked for before it is forgotten.
      const digests = [...new Set(page.map(({ digest }) => digest))]
      await onEach(digests, requestsAtOnce, async digest => {
        await deleteIfGone(pass, {
          repositoryId,
          repository,
          digest,
          eventAt: eventAtOf(db, repositoryId, digest),
        })
      })
    }
    await breathe()
  }
  prepared(db, 'update repository set listed_at = ? where id = ?').run(since, repositoryId)
  await forgetListed(db, repositoryId)
  return asked
}

interface Place {
  readonly repositoryId: number
  readonly repository: string
}

async function takeChunk(
  pass: Pass,
  { repositoryId, repository }: Place,
  names: readonly string[],
): Promise<number> {
  const { db, client, gate, doubts, signal, scans } = pass
  signal.throwIfAborted()
  const before = tagsNamed(db, repositoryId, names)
  const since = new Date().toISOString()
  const found = new Map<string, string>()
  await onEach(names, requestsAtOnce, async name => {
    // Where it is known, the registry needs not read the manifest. One that is not there is asked for outright: a tag
    // may be left of a manifest that is gone.
    const known = before.get(name)
    const has = known !== undefined && isThere(db, repositoryId, known) ? known : undefined
    const digest = await gate(() => unlessGone(client.digestOf(repository, name, signal, has)))
    if (digest !== null) found.set(name, digest)
  })
  const { moved, asked } = inTransaction(db, () => {
    const now = tagsNamed(db, repositoryId, names)
    let changes = 0
    for (const [name, digest] of found) {
      // Where it is as it was, nothing is written. Where an event took it away meanwhile, that is the newer word.
      const overtaken = before.has(name) && !now.has(name)
      if (now.get(name) === digest || overtaken || isDeletedSince(db, repositoryId, digest, since)) continue
      const moves = now.has(name)
      if (moves && !doubts.believe(`tag ${repositoryId} ${name} ${digest}`)) continue
      if (moveTag(db, { repositoryId, name, digest, eventAt: null, at: since })) changes += 1
    }
    if (changes > 0) settle(db, repositoryId, since)
    const at = new Date()
    const unknown = scans
      ? [...new Set(found.values())].filter(one => isUnknown(db, repositoryId, one, at))
      : []
    const wanted = unknown.filter(one => !isDeletedSince(db, repositoryId, one, since))
    const news = wanted.filter(
      digest => enqueue(db, { repositoryId, digest, trigger: 'discovery' }, at.toISOString()).isNew,
    )
    return { moved: changes, asked: news.length }
  })
  addListed(db, repositoryId, [...found.keys()])
  if (moved > 0) pass.changed()
  if (asked > 0) pass.asked()
  await breathe()
  return asked
}

const isThere = (db: Db, repositoryId: number, digest: string): boolean =>
  prepared(
    db,
    `select 1 from occurrence where repository_id = ? and digest = ? and deleted_at is null
       and coverage_status <> 'not-scanned'`,
  ).get(repositoryId, digest) !== undefined

/** Digests by tag. */
const tagsNamed = (db: Db, repositoryId: number, names: readonly string[]): Map<string, string> =>
  new Map(
    prepared(
      db,
      'select name, digest from tag where repository_id = ? and name in (select value from json_each(?))',
    )
      .raw()
      .all(repositoryId, JSON.stringify(names)) as [string, string][],
  )

const isDeletedSince = (db: Db, repositoryId: number, digest: string, since: string): boolean =>
  prepared(db, 'select 1 from occurrence where repository_id = ? and digest = ? and deleted_at >= ?').get(
    repositoryId,
    digest,
    since,
  ) !== undefined

const eventAtOf = (db: Db, repositoryId: number, digest: string): string | null =>
  (prepared(db, 'select event_at from occurrence where repository_id = ? and digest = ?')
    .pluck()
    .get(repositoryId, digest) as string | null | undefined) ?? null

/** Asks for the first page, so that what is not there is told before anything is done. */
async function firstPage(
  names: AsyncGenerator<string>,
  gate: Pass['gate'],
): Promise<{ first: string | null; all: AsyncIterable<string> }> {
  const { done, value } = await gate(() => names.next())
  if (done) return { first: null, all: names }
  async function* all(first: string): AsyncGenerator<string> {
    yield first
    yield* names
  }
  return { first: value, all: all(value) }
}

async function* chunksOf(names: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let chunk: string[] = []
  for await (const name of names) {
    chunk.push(name)
    if (chunk.length < tagsPerChunk) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
