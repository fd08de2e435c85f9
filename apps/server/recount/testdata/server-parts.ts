import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { RegistryClient } from '@plimsoll/engine'
import type { RegistryId } from './steps.ts'
import pino from 'pino'
import { dayOf } from '../../advisories/days.ts'
import { askAtEndOfLife } from '../../advisories/end-of-life.ts'
import { neededFolders } from '../../advisories/folders.ts'
import { importPlace } from '../../advisories/import.ts'
import { askForRematches, rematchNext } from '../../advisories/rematch.ts'
import type { Context } from '../../api/context.ts'
import { appRouter } from '../../api/router.ts'
import { type Db, openInMemory } from '../../db/open.ts'
import { createEventBus } from '../../events.ts'
import type { RegistryEvent } from '../../intake/event.ts'
import { startInbox } from '../../intake/inbox.ts'
import { ensureRegistry, ensureSubscription } from '../../intake/places.ts'
import { startRunner } from '../../jobs/runner.ts'
import { cancelWherePlanIsOff } from '../../plans/cancel-scans.ts'
import { heavyReadsInline } from '../../posture/heavy-reads.ts'
import { startScoreDays } from '../../posture/score-days.ts'
import type { ConnectionDeps } from '../../registries/deps.ts'
import type { Sources } from '../../registries/sources.ts'
import { sweepRemoved } from '../../registries/sweep.ts'
import { startRuleKeeper } from '../../rules/keeper.ts'
import { type Content } from './contents.ts'
import { type RegistryDouble, holds, remove, sourceOf } from './registry-double.ts'

/**
 * The parts of a server that facts go through, wired as server.ts wires them, with a database in memory and without
 * threads: what threads do is done in `settled`.
 */
export type ServerParts = Awaited<ReturnType<typeof startParts>>

export function startParts(contents: readonly Content[], double: RegistryDouble) {
  const db = openInMemory()
  const place = mkdtempSync(join(tmpdir(), 'plimsoll-place-'))
  const events = createEventBus()
  const log = pino({ level: 'silent' })
  const signal = new AbortController().signal
  let asksForRematch = false
  let lastImport: readonly string[] | null = null

  const sources = sourcesOf(contents, double)
  const rematch = (): void => {
    asksForRematch = true
  }
  const runner = startRunner({ db, events, log, sources, rematch }, () => 1)
  const wakeRunner = (): void => {
    runner.wake()
    rematch()
  }
  const inbox = startInbox({
    db,
    events,
    log,
    wakeRunner,
    resolveTag: async () => await Promise.reject(new Error('every event has a digest')),
  })
  const heavyReads = heavyReadsInline(db)
  const rules = startRuleKeeper({ db, events, log })
  const scoreDays = startScoreDays({ db, heavyReads, rules, log })
  const connections: ConnectionDeps = {
    db,
    events,
    log,
    secrets: { session: 's', webhook: 'w', credentials: 'c' },
    sources,
    ownOrigins: () => [],
    registryChanged: () => {
      void cancelWherePlanIsOff(db, events)
      rules.wake()
    },
    registryRemoved: () => rules.wake(),
  }
  const context = {
    db,
    events,
    heavyReads,
    log,
    viewer: { id: '1', name: 'Ada', role: 'Security Admin' },
    wakeRunner,
    reconciler: { wake: () => true, sync: () => undefined },
    connections,
    rules,
    webhookSetup: () => null,
  } as unknown as Context

  /** As the thread of advisories does after each of its tasks. */
  const rematchAll = async (): Promise<void> => {
    askForRematches(db)
    while (rematchNext(db, new Date().toISOString()));
    if (lastImport !== null && neededFolders(db).some(folder => lastImport?.includes(folder) === false)) await importAll()
  }
  const importAll = async (): Promise<void> => {
    lastImport = neededFolders(db)
    await importPlace(db, place, new Date(), signal, lastImport)
    await rematchAll()
  }
  return {
    db,
    place,
    api: appRouter.createCaller(context),
    importAll,
    async tell(registry: RegistryId, told: readonly RegistryEvent[]): Promise<void> {
      await inbox.accept(registry, told, new Date().toISOString())
      await inbox.drained()
    },
    /** Until nothing waits and nothing goes on. */
    async settled(): Promise<void> {
      for (;;) {
        runner.wake()
        while (rules.isBusy() || isScanning(db)) await setImmediate()
        if (!asksForRematch) return
        asksForRematch = false
        await rematchAll()
      }
    },
    /** What is done by timers when their time has come. */
    timePassed: rules.upToDate,
    async newDay(): Promise<void> {
      askAtEndOfLife(db, dayOf(new Date()))
      await rematchAll()
    },
    takeSnapshot: scoreDays.take,
    sweep: async (): Promise<void> => void (await sweepRemoved(db, signal)),
    connect: (registry: RegistryId, subscription: string): void => connect(db, registry, subscription),
    async stop(): Promise<void> {
      await runner.stop()
      await inbox.stop()
      await scoreDays.stop()
      await rules.stop()
      db.$client.close()
      rmSync(place, { recursive: true })
    },
  }
}

function connect(db: Db, id: RegistryId, subscriptionId: string): void {
  const at = new Date().toISOString()
  ensureSubscription(db, { id: subscriptionId, name: subscriptionId }, at)
  ensureRegistry(db, { id, subscriptionId, name: id, kind: 'distribution', url: `https://${id}.example` }, at)
}

/** A scan runs, or waits that may run. */
const isScanning = (db: Db): boolean =>
  db.$client
    .prepare(
      `select 1 from scan s join registry rg on rg.id = s.registry_id join subscription sub on sub.id = rg.subscription_id
       where s.state = 'running' or s.state = 'queued' and rg.removed_at is null and sub.plan = 'on' limit 1`,
    )
    .get() !== undefined

function sourcesOf(contents: readonly Content[], double: RegistryDouble): Sources {
  const client = (registry: string): RegistryClient => {
    const deleteManifest = async (repository: string, digest: string): Promise<void> => {
      remove(double, `${registry} ${repository}`, digest)
    }
    return { writes: { deleteManifest } } as unknown as RegistryClient
  }
  return {
    client,
    lastPulls: () => null,
    forget: () => undefined,
    open({ registryId, repository }, digest) {
      const isThere = holds(double, `${registryId} ${repository}`, digest)
      return sourceOf(isThere ? contents.find(one => one.digest === digest) : undefined, digest)
    },
  }
}
