import { type LastPulls, registryClient } from '@plimsoll/engine'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import {
  type DockerRegistry,
  startDockerRegistry,
} from '../../../../../packages/engine/registry/testdata/docker-registry.ts'
import type { MadeImage } from '../../../../../packages/engine/registry/testdata/made-image.ts'
import { type Db, openInMemory } from '../../../db/open.ts'
import { createEventBus } from '../../../events.ts'
import { connected } from '../../../testdata/connected.ts'
import { madeMatch } from '../../../testdata/fleet.ts'
import { packagedImage } from '../../../testdata/packaged-image.ts'
import { scanned } from '../../../testdata/scanned.ts'
import { cleanUp, temporaryFolder, until } from '../../../testdata/server-process.ts'
import { ensureRepository } from '../../places.ts'
import { type Reconciler, startReconciler } from '../reconciler.ts'

/** A real registry that tells nothing, a database that each test has to itself, and what goes over the one for the other. */
export interface SilentRegistry {
  readonly registry: DockerRegistry
  readonly db: Db
  readonly registryId: string
  readonly reconciler: Reconciler | null
  start(intervals?: object, pulls?: () => LastPulls | null): void
  /** The registry again, where it was before it was stopped. */
  restart(): Promise<void>
  /** Leaves a mark in the registry's log. */
  marked(mark: string): Promise<void>
  one(query: string): string | null
  tagsOf(repository: string): Record<string, string>
  /** What started the scans of a digest. */
  scansOf(digest: string): string[]
  /** How the findings of a digest stand: `open`, or why they closed. */
  openOf(digest: string): string[]
  /** A whole listing that began after now. */
  listedAnew(): Promise<void>
  /** Has a result with an open finding, as a scan leaves it. */
  assessed(repository: string, digest: string): void
}

/** For the top of a test file: it is there from the first test to the last. */
export function silentRegistry(): SilentRegistry {
  let registry: DockerRegistry
  let storageDirectory: string
  let db: Db
  let registryId: string
  let reconciler: Reconciler | null = null

  beforeAll(async () => {
    storageDirectory = await temporaryFolder()
    registry = await startDockerRegistry({ storageDirectory })
  })
  afterAll(async () => {
    await registry.stop()
    await cleanUp()
  })
  beforeEach(() => {
    db = openInMemory()
    registryId = connected(db, registry.url)
  })
  afterEach(async () => {
    await reconciler?.stop()
    reconciler = null
    db.$client.close()
  })

  const read = <T>(query: string, ...values: unknown[]): T[] => db.$client.prepare(query).all(...values) as T[]
  const one = (query: string): string | null => db.$client.prepare(query).pluck().get() as string | null
  return {
    get registry() {
      return registry
    },
    get db() {
      return db
    },
    get registryId() {
      return registryId
    },
    get reconciler() {
      return reconciler
    },
    start(intervals = {}, pulls = () => null) {
      const client = registryClient({ url: registry.url, timeouts: { connectMs: 500 } })
      reconciler = startReconciler({
        db,
        events: createEventBus(),
        log: pino({ level: 'silent' }),
        wakeRunner: () => undefined,
        client: () => client,
        lastPulls: pulls,
        intervals: { presence: 50, listing: 50, doubt: 0, firstRetry: 50, ...intervals },
      })
    },
    async restart() {
      registry = await startDockerRegistry({ port: registry.port, storageDirectory })
    },
    async marked(mark) {
      await fetch(`${registry.url}/v2/`, { headers: { 'user-agent': mark } })
      await until('the mark is in its log', () => registry.log().includes(`"${mark}"`))
    },
    one,
    tagsOf(repository) {
      const tags = read<{ name: string; digest: string }>(
        'select t.name, digest from tag t join repository rp on rp.id = t.repository_id where rp.name = ?',
        repository,
      )
      return Object.fromEntries(tags.map(({ name, digest }) => [name, digest]))
    },
    scansOf: digest =>
      read<{ trigger: string }>('select trigger from scan where digest = ?', digest).map(({ trigger }) => trigger),
    openOf: digest =>
      read<{ reason: string }>(
        `select coalesce(close_reason, 'open') reason from finding f join occurrence o on o.id = f.occurrence_id
         where o.digest = ?`,
        digest,
      ).map(({ reason }) => reason),
    async listedAnew() {
      const since = new Date().toISOString()
      await until('it is listed anew', () => (one('select discovered_at from registry') ?? '') > since)
    },
    assessed: (repository, digest) =>
      scanned(db, ensureRepository(db, registryId, repository), digest, { matches: [madeMatch()] }),
  }
}

/** An image that differs from others by its marker. */
export const markedImage = (marker: string): MadeImage => packagedImage([{ openssl: '3.0.11-1' }], marker)
