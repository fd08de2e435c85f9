import { inTransaction } from '../../db/statements.ts'
import { deleteDigest } from '../deletion.ts'
import { breathe, onEach, type Pass, unlessGone } from './ask.ts'
import { type Held, heldIndexes, heldOccurrences, isAsItWas } from './held.ts'
import { repositoryIds } from './repositories.ts'

/** Requests at a time; the gate lets fewer through where a listing goes on beside it. */
export const requestsAtOnce = 4

/**
 * Asks of everything that is known to be in a registry whether it is still there, so that a deletion is seen without an
 * event and without a listing, which takes far longer. One HEAD each; those with open findings come first, then the
 * indexes, whose images go with them, then the rest, of which nothing is left to close.
 *
 * @param all the rest as well.
 * @returns how many images are gone, and how many were asked about.
 */
export async function checkPresence(pass: Pass, all: boolean): Promise<{ asked: number; gone: number }> {
  let asked = 0
  let gone = 0
  const check = async (pages: Iterable<readonly Held[]>): Promise<void> => {
    for (const page of pages) {
      await onEach(page, requestsAtOnce, async held => {
        asked += 1
        if (await deleteIfGone(pass, held)) gone += 1
      })
      await breathe()
    }
  }
  const ids = [...repositoryIds(pass.db, pass.registryId)]
  for (const place of ids) await check(heldOccurrences(pass.db, place, 'open findings'))
  for (const place of ids) await check(heldIndexes(pass.db, place))
  if (!all) return { asked, gone }
  for (const place of ids) await check(heldOccurrences(pass.db, place, 'no open findings'))
  return { asked, gone }
}

/** @returns whether anything was deleted. */
export async function deleteIfGone(pass: Pass, held: Held): Promise<boolean> {
  const { db, client, gate, signal, changed } = pass
  const { repositoryId, repository, digest } = held
  const since = new Date().toISOString()
  signal.throwIfAborted()
  const found = await gate(() => unlessGone(client.digestOf(repository, digest, signal)))
  if (found !== null) return false
  const deleted = inTransaction(db, () => {
    // Events that came meanwhile know better: it may have been pushed again after the registry was asked.
    if (!isAsItWas(db, held, since)) return false
    return deleteDigest(db, {
      repositoryId,
      digest,
      eventAt: null,
      at: new Date().toISOString(),
      tagsStay: true,
    })
  })
  if (deleted) changed()
  return deleted
}
