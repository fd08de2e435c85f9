import { inTransaction } from '../../db/statements.ts'
import { deleteDigest } from '../deletion.ts'
import { breathe, onEach, type Pass, unlessGone } from './ask.ts'
import { type Held, heldIndexes, heldOccurrences, isAsItWas } from './held.ts'
import { repositoryIds } from './repositories.ts'

/** Requests at a time; the gate lets fewer through where a listing goes on beside it. */
export const requestsAtOnce = 4

/**
 * Asks of what is known to be in a registry whether it is still there, one HEAD each, so that a deletion is seen without
 * an event and without a listing, which takes far longer.
 *
 * @param which `with findings`: images with open findings, which have to be closed soon, and indexes, whose images go
 *   with them. `others`: all other images.
 * @returns how many images are gone, and how many were asked about.
 */
export async function checkPresence(
  pass: Pass,
  which: 'with findings' | 'others',
): Promise<{ asked: number; gone: number }> {
  const { db, registryId } = pass
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
  const places = [...repositoryIds(db, registryId)]
  const open = which === 'with findings' ? 'open findings' : 'no open findings'
  for (const place of places) await check(heldOccurrences(db, place, open))
  if (which === 'with findings') for (const place of places) await check(heldIndexes(db, place))
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
