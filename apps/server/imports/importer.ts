import { copyImage, type RegistryClient, registryClient, SourceError } from '@plimsoll/engine'
import { type RegistryCredentials, registryCredentialsSchema } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Secrets } from '../access/secrets.ts'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { Refusal } from '../refusal.ts'
import { refuseOurselves } from '../registries/address.ts'
import { adviceFor, sourceAdvice } from '../registries/advice.ts'
import { engineCredentials } from '../registries/engine-credentials.ts'
import { storedConnection } from '../registries/stored.ts'
import { unseal } from '../registries/vault.ts'
import { finishImport } from './finish.ts'
import { mountable } from './mountable.ts'
import {
  endLongWaits,
  forgetOld,
  nextImport,
  nextImportAt,
  noteFailure,
  putBack,
  putBackImports,
  type RunningImport,
} from './queue.ts'
import { sealedFor } from './store.ts'
import { connectedAt, platformOf, referenceIn, sourceOf } from './wanted.ts'

export interface ImporterDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly secrets: Secrets
  /** Origins of this server itself, which no image comes from. */
  readonly ownOrigins: () => readonly string[]
  readonly sources: { client(registryId: string): RegistryClient }
  readonly wakeRunner: () => void
}

/** Works off imports until it is stopped. */
export interface Importer {
  /** There may be something to do. */
  wake(): void
  /** Ends this one, if it runs. */
  cancel(id: number): void
  /** Breaks off what runs and puts it back. */
  stop(): Promise<void>
}

/** Images that are copied at a time; of one registry one. */
const concurrency = 2
const progressEveryMs = 250
const longestWaitMs = 60_000
const forgetEveryMs = 60 * 60_000

export function startImporter(deps: ImporterDeps): Importer {
  const { db, log } = deps
  const running = new Map<number, { work: Promise<void>; control: AbortController }>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  // One server has the data folder to itself: what is said to run was a dead server's.
  putBackImports(db)
  forgetOld(db, new Date())

  function wake(): void {
    clearTimeout(timer)
    try {
      endLongWaits(db, new Date())
      while (!stopped && running.size < concurrency) {
        const next = nextImport(db, new Date(), [...running.keys()])
        if (next === null) break
        const control = new AbortController()
        const work = run(next, deps, control.signal, () => stopped)
          .catch((error: unknown) =>
            log.error({ err: error, import: next.id }, 'an import could not be ended'),
          )
          .finally(() => {
            running.delete(next.id)
            wake()
          })
        running.set(next.id, { work, control })
      }
      const at = nextImportAt(db)
      if (!stopped && at !== null && running.size < concurrency) {
        timer = setTimeout(wake, Math.min(Math.max(at - Date.now(), 250), longestWaitMs))
      }
    } catch (error) {
      log.error({ err: error }, 'no import could be started')
    }
  }

  // Where nothing is imported any more, old credentials go all the same.
  const forgetting = setInterval(() => {
    try {
      forgetOld(db, new Date())
    } catch (error) {
      log.error({ err: error }, 'what is kept of old imports could not be deleted')
    }
  }, forgetEveryMs).unref()
  wake()
  return {
    wake,
    cancel: id => running.get(id)?.control.abort(),
    async stop() {
      stopped = true
      clearTimeout(timer)
      clearInterval(forgetting)
      for (const { control } of running.values()) control.abort()
      await Promise.all(Array.from(running.values(), ({ work }) => work))
    },
  }
}

async function run(
  one: RunningImport,
  deps: ImporterDeps,
  signal: AbortSignal,
  stopping: () => boolean,
): Promise<void> {
  const { db, events, log } = deps
  const tell = (): void => events.publish({ type: 'changed', what: 'imports' })
  tell()
  try {
    const source = sourceOf(one.source)
    // Its name may lead there only now.
    if (connectedAt(db, source.url) === null) await refuseOurselves(source.url, deps.ownOrigins())
    const arrived = await copyImage(
      {
        source: {
          client: sourceClient(one, deps),
          repository: source.repository,
          reference: referenceIn(source),
        },
        target: { client: deps.sources.client(one.registryId), repository: one.repository, tag: one.tag },
        platform: one.platform === null ? null : platformOf(one.platform),
        mountFrom: mountable(db, one),
      },
      progressOf(one, db, tell),
      signal,
    )
    if (finishImport(db, one, arrived, new Date().toISOString())) {
      const about = { import: one.id, source: one.source, registryId: one.registryId }
      log.info({ ...about, digest: arrived.digest }, 'imported')
      deps.wakeRunner()
      for (const what of ['images', 'findings'] as const) events.publish({ type: 'changed', what })
    }
  } catch (error) {
    // Called off, it stands so already.
    if (signal.aborted) {
      if (stopping()) putBack(db, one)
    } else {
      const failure = failureOf(error)
      const outcome = noteFailure(db, one, failure, new Date())
      const about = { import: one.id, code: failure.code, reason: failure.message, attempts: one.attempts }
      log.warn(
        failure.code === 'internal' ? { ...about, err: error } : about,
        outcome === 'waits' ? 'an import will be tried again' : 'an import failed',
      )
    }
  }
  forgetOld(db, new Date())
  tell()
}

function failureOf(error: unknown): SourceError {
  if (error instanceof SourceError) return error
  // Stored credentials that cannot be opened, or a source that is this server.
  if (error instanceof Refusal) {
    const code = error.code === 'bad-request' ? 'source-unreadable' : 'unauthorized'
    return new SourceError(code, error.message, { hint: error.hint, cause: error })
  }
  return new SourceError('internal', 'Something went wrong in the import.', {
    hint: 'The log has the whole story.',
    cause: error,
  })
}

/** Credentials given for one import are not those of its registry. */
const { certificate: _certificate, ...ofCredentials } = sourceAdvice

/** With the credentials given for it; else those of the connected registry that it is in; else anybody's. */
function sourceClient(
  { source, sealed }: RunningImport,
  { db, secrets, sources }: ImporterDeps,
): RegistryClient {
  const { url } = sourceOf(source)
  const connected = connectedAt(db, url)
  if (sealed === null && connected !== null) return sources.client(connected)
  const given: RegistryCredentials =
    sealed === null
      ? { kind: 'none' }
      : registryCredentialsSchema.parse(JSON.parse(unseal(secrets, sealed, sealedFor(source))))
  // Reached as it is for scans; whoever connected it chose the way.
  const way = connected === null ? undefined : storedConnection(db, connected)
  const { certificateAuthority = null, proxy = null } = way ?? {}
  return registryClient({
    url,
    credentials: engineCredentials(given, { host: new URL(url).host, proxy }),
    ...(certificateAuthority === null ? {} : { certificateAuthority }),
    ...(proxy === null ? {} : { proxy }),
    advice: connected === null ? sourceAdvice : { ...adviceFor(connected), ...ofCredentials },
  })
}

function progressOf(one: RunningImport, db: Db, tell: () => void) {
  let writtenAt = 0
  return (progress: { bytesDone: number; bytesTotal: number; bytesSpared: number }): void => {
    const isLast = progress.bytesDone === progress.bytesTotal
    if (Date.now() - writtenAt < progressEveryMs && !isLast) return
    writtenAt = Date.now()
    const { changes } = prepared(
      db,
      `update image_import set bytes_done = @bytesDone, bytes_total = @bytesTotal, bytes_spared = @bytesSpared
       where id = @id and state = 'running' and registry_id in (select id from registry where removed_at is null)`,
    ).run({ ...progress, id: one.id })
    if (changes === 0) throw new SourceError('cancelled', 'The import was called off.')
    tell()
  }
}
