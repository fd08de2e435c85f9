import { type LastPulls, type RegistryClient, SourceError } from '@plimsoll/engine'
import type { RegistryKind } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/statements.ts'
import type { EventBus } from '../../events.ts'
import { mayScan, planOf } from '../../plans/plan.ts'
import { notePulls } from '../pulls/note-pulls.ts'
import { type Pass, unlessGone } from './ask.ts'
import { type Beat, startBeat } from './beat.ts'
import { createDoubts, type Doubts, type Told } from './doubts.ts'
import { createGate, type Gate } from './gate.ts'
import { listRepository } from './listing.ts'
import { checkPresence } from './presence.ts'
import { NoCatalogue, repositoriesToList, repositoryIds } from './repositories.ts'
import { noteListed, noteTrouble } from './state.ts'

export interface ReconcileDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly wakeRunner: () => void
  readonly client: (registryId: string) => RegistryClient
  /** Null where a registry does not keep when its images were last pulled. */
  readonly lastPulls?: (registryId: string) => LastPulls | null
  /** Handed in by tests. */
  readonly intervals?: Partial<Intervals>
}

/** In milliseconds. */
export interface Intervals {
  /** Between the beginnings of two looks at whether images with open findings are still there, and of two listings. */
  readonly presence: number
  readonly listing: number
  /** The same of listings of hosted registries. */
  readonly hostedListing: number
  /** Of what a registry keeps about pulls. */
  readonly pulls: number
  /** The same of images without open findings. */
  readonly otherPresence: number
  /** For which events have to be silent before a tag is believed to be otherwise than they told. */
  readonly doubt: number
  readonly firstRetry: number
}

const defaultIntervals: Intervals = {
  presence: 30_000,
  otherPresence: 5 * 60_000,
  listing: 30_000,
  hostedListing: 5 * 60_000,
  pulls: 60 * 60_000,
  doubt: 10_000,
  firstRetry: 2000,
}

const lastRetryMs = 5 * 60_000
const requestsAtOnce = 4
/** Of a hosted registry, so that scans and people have most of what it allows: ACR's Basic tier gives 1,000 a minute. */
const hostedPerSecond = 5

/** What keeps one registry's state as the registry has it. */
export interface Watch {
  wake(): void
  stop(): Promise<void>
}

/** Each is one look at a registry. Says whether there is to be another without somebody asking for it. */
const rounds = {
  presence: pass => lookForGone(pass, 'with findings'),
  'other presence': pass => lookForGone(pass, 'others'),
  listing: list,
  pulls: readPulls,
} satisfies Record<string, (pass: Pass, deps: ReconcileDeps) => Promise<boolean>>

/**
 * The rounds go on beside each other and share the requests: whether what has findings is still there must not take
 * long, and the others may.
 */
export function watchRegistry(registryId: string, kind: RegistryKind, deps: ReconcileDeps): Watch {
  const { db } = deps
  const every = { ...defaultIntervals, ...deps.intervals }
  const hosted = isHosted(kind)
  const gate = createGate(requestsAtOnce, hosted ? hostedPerSecond : null)
  const round = (what: keyof typeof rounds, everyMs: number): Beat => {
    const doubts = createDoubts(every.doubt, () => told(db, registryId, every.doubt))
    let failures = 0
    return startBeat(async signal => {
      if (planOf(db, registryId)?.plan !== 'on') return null
      const began = performance.now()
      doubts.begin()
      try {
        const pass = passOf(registryId, { gate, doubts, signal, deps })
        if (!(await rounds[what](pass, deps))) return null
        failures = 0
      } catch (error) {
        if (signal.aborted) return null
        note(registryId, what, error, deps)
        failures += 1
        return Math.min(every.firstRetry * 2 ** (failures - 1), lastRetryMs)
      }
      const rest = everyMs - (performance.now() - began)
      return Math.max(doubts.pending ? Math.min(rest, every.doubt) : rest, 0)
    })
  }
  const beats = [
    round('presence', every.presence),
    round('other presence', every.otherPresence),
    round('listing', hosted ? every.hostedListing : every.listing),
    round('pulls', every.pulls),
  ]
  return {
    wake: () => {
      for (const beat of beats) beat.wake()
    },
    stop: async () => void (await Promise.all(beats.map(beat => beat.stop()))),
  }
}

/** The registries that bound how many requests are answered. */
const isHosted = (kind: RegistryKind): boolean => kind !== 'distribution' && kind !== 'harbor'

function passOf(
  registryId: string,
  { gate, doubts, signal, deps }: { gate: Gate; doubts: Doubts; signal: AbortSignal; deps: ReconcileDeps },
): Pass {
  const { db, log, events, wakeRunner } = deps
  return {
    db,
    log,
    registryId,
    client: deps.client(registryId),
    gate,
    doubts,
    signal,
    // What is found was pushed, whenever that was.
    scans: mayScan(db, registryId, 'push'),
    asked: wakeRunner,
    changed() {
      // What came back may have brought back findings of older advisories.
      wakeRunner()
      for (const what of ['registries', 'images', 'findings'] as const)
        events.publish({ type: 'changed', what })
    },
  }
}

async function lookForGone(pass: Pass, which: Parameters<typeof checkPresence>[1]): Promise<boolean> {
  const { registryId, log } = pass
  const began = performance.now()
  const { asked, gone } = await checkPresence(pass, which)
  if (gone > 0)
    log.info({ registryId, asked, gone, ms: Math.round(performance.now() - began) }, 'images are gone')
  return true
}

async function list(pass: Pass, { events }: ReconcileDeps): Promise<boolean> {
  const { db, registryId, client, signal, log } = pass
  const since = new Date().toISOString()
  const began = performance.now()
  await client.ping(signal)
  let scans = 0
  let repositories = 0
  let refused: NoCatalogue | null = null
  try {
    for await (const name of repositoriesToList(db, registryId, client, since, signal)) {
      repositories += 1
      scans += await listRepository(pass, name)
    }
  } catch (error) {
    if (!(error instanceof NoCatalogue)) throw error
    refused = error
  }
  noteListed(db, registryId, { since, refused: refused?.message ?? null }, events)
  const about = { registryId, repositories, scans, ms: Math.round(performance.now() - began) }
  log[scans > 0 ? 'info' : 'debug'](about, 'a registry was listed')
  return true
}

/** @returns whether the registry keeps when its images were last pulled. */
async function readPulls(pass: Pass, { lastPulls }: ReconcileDeps): Promise<boolean> {
  const { db, registryId, signal } = pass
  const pulls = lastPulls?.(registryId) ?? null
  if (pulls === null) return false
  let noted = 0
  for (const place of repositoryIds(db, registryId)) {
    noted += (await unlessGone(notePulls(db, place, pulls, signal))) ?? 0
  }
  if (noted > 0) pass.changed()
  return true
}

function note(
  registryId: string,
  what: keyof typeof rounds,
  error: unknown,
  { db, events, log }: ReconcileDeps,
): void {
  if (!(error instanceof SourceError)) {
    log.error({ err: error, registryId, what }, 'a registry could not be reconciled')
    return
  }
  log.warn(
    { registryId, what, code: error.code, reason: error.message },
    'a registry could not be reconciled',
  )
  // Whatever the listing's error is, it is the registry's; scans and pushes may work all the same.
  if (what === 'listing') noteTrouble(db, registryId, error, events)
}

/** Whether it has told of anything in the days for which events are remembered, and of nothing lately. */
function told(db: Db, registryId: string, quietMs: number): Told {
  const sends =
    prepared(db, 'select 1 from webhook_event where registry_id = ? limit 1').get(registryId) !== undefined
  if (!sends) return { sends, quiet: true }
  const noise = prepared(
    db,
    `select exists (select 1 from event_inbox where registry_id = @registryId)
       or exists (select 1 from webhook_event where received_at > @since and registry_id = @registryId and event_id <> '')`,
  ).pluck()
  const since = new Date(Date.now() - quietMs).toISOString()
  return { sends, quiet: noise.get({ registryId, since }) === 0 }
}
