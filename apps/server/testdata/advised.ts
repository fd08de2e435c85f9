import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FindingRow } from '@plimsoll/types'
import { importPlace } from '../advisories/import.ts'
import { askForRematches, rematchNext } from '../advisories/rematch.ts'
import { type Db, openInMemory } from '../db/open.ts'
import { listFindings } from '../findings/list.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { type MadeAdvisory, writeAdvisoryPlace } from './advisory-place.ts'

/** A database with a registry `reg`, and a folder that advisories are imported from. */
export interface Advised {
  readonly db: Db
  readonly place: string
  /** Of `team/api`. */
  readonly repositoryId: number
  /** Imports these and whatever else the folder has, and matches again what that concerns. @returns how many images. */
  advise(...advisories: MadeAdvisory[]): Promise<number>
  rematch(at?: string): number
  open(): FindingRow[]
  end(): void
}

export const advisedAt = '2024-03-01T00:00:00.000Z'

export function startAdvised(): Advised {
  const db = openInMemory()
  const place = mkdtempSync(join(tmpdir(), 'plimsoll-place-'))
  ensureSubscription(db, { id: 'main', name: 'Main' }, advisedAt)
  ensureRegistry(
    db,
    { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null },
    advisedAt,
  )
  const rematch = (at = advisedAt): number => {
    const asked = askForRematches(db)
    while (rematchNext(db, at));
    return asked
  }
  return {
    db,
    place,
    repositoryId: ensureRepository(db, 'reg', 'team/api'),
    async advise(...advisories) {
      await writeAdvisoryPlace(place, advisories)
      await importPlace(db, place, new Date(advisedAt), new AbortController().signal)
      return rematch()
    },
    rematch,
    open: () => listFindings(db, { filter: { status: 'open' }, sort: 'cve', page: 1, size: 50 }).rows,
    end() {
      db.$client.close()
      rmSync(place, { recursive: true })
    },
  }
}
