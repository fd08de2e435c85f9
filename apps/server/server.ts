import { fileURLToPath } from 'node:url'
import { type Credentials, leadsTo } from '@plimsoll/engine'
import type { Logger } from 'pino'
import { createAuth } from './access/auth.ts'
import { loadSecrets, type Secrets } from './access/secrets.ts'
import { hasUsers } from './access/users.ts'
import { everyDay } from './advisories/days.ts'
import { type AdvisoryWork, startAdvisoryWork } from './advisories/work.ts'
import { watchCluster } from './clusters/watch-cluster.ts'
import type { Config } from './config.ts'
import { createControlApp } from './control/app.ts'
import { startControl } from './control/socket.ts'
import { lockDataFolder } from './db/lock.ts'
import { type Db, openDatabase } from './db/open.ts'
import { createEventBus } from './events.ts'
import { createApp } from './http/app.ts'
import { listen, renewCertificate, serverFor } from './http/listener.ts'
import { isLoopback, listeningAt, refuseWithoutAccount } from './http/network-flags.ts'
import { type Reach, reachOf } from './http/reach.ts'
import { startImporter } from './imports/importer.ts'
import { registerDemonstration, stockDemonstration } from './intake/demonstration.ts'
import { startInbox } from './intake/inbox.ts'
import { startReconciler } from './intake/reconcile/reconciler.ts'
import { askToReadAgain } from './jobs/read-again.ts'
import { startRescans } from './jobs/rescans.ts'
import { type Runner, startRunner } from './jobs/runner.ts'
import { openLog } from './log.ts'
import { cancelWherePlanIsOff } from './plans/cancel-scans.ts'
import { storeMissingChains } from './posture/chain.ts'
import { startHeavyReads } from './posture/heavy-reads.ts'
import { startScoreDays } from './posture/score-days.ts'
import { connectAtStart, connectedRegistries } from './registries/at-start.ts'
import { ownUsername } from './registries/own-username.ts'
import { createSources } from './registries/sources.ts'
import { startSweeper } from './registries/sweep.ts'
import { startRuleKeeper } from './rules/keeper.ts'
import { concurrencyOf } from './settings/concurrency.ts'
import { StartError } from './start-error.ts'

/** A running server. */
export interface Plimsoll {
  readonly db: Db
  readonly log: Logger
  readonly secrets: Secrets
  readonly port: number
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly listensAt: string
  /** Where people reach it; most often the same. */
  readonly origin: string
  /** The registry given with --registry, by its id; null without one. */
  readonly registryId: string | null
  /** Resolves or throws when the import given with --advisories has ended; null without one. */
  readonly advisoriesImported: Promise<{ read: number; changed: number }> | null
  /** Ends everything in order: nothing that was recorded is lost, and what was being scanned is put back. */
  stop(): Promise<void>
}

const portalDir = fileURLToPath(new URL('../portal/dist', import.meta.url))

/**
 * Starts the server on a prepared data folder: it listens first, and does what takes longer behind that.
 * @throws StartError
 */
export async function startServer(config: Config, version: string): Promise<Plimsoll> {
  const lock = lockDataFolder(config.dataDir)
  const db = openDatabase(config.dataDir)
  storeMissingChains(db)
  const secrets = loadSecrets(config.dataDir, config.credentialsKeyFile)
  const log = openLog(config.dataDir, config.logLevel)
  const events = createEventBus()
  const { network } = config
  const { server, port, reach } = await startListening(config, db).catch((error: unknown) => {
    db.$client.close()
    lock.release()
    throw error
  })
  const stopRenewing = renewCertificate(server, network, log)

  const at = new Date().toISOString()
  if (config.demonstration) registerDemonstration(db, at)
  const registryId = config.registry === null ? null : connectAtStart(db, config.registry, at)

  let runner: Runner | null = null
  const auth = createAuth({ db, log, secret: secrets.session, ...reach })
  const advisories = startAdvisoryWork(config.dataDir, { events, log })
  const wakeRunner = (): void => {
    runner?.wake()
    // A tag that came back may have brought back findings of older advisories.
    advisories.rematch()
  }
  const heavyReads = startHeavyReads(config.dataDir)
  const given = credentialsFor(config, connectedRegistries(db))
  const sources = createSources({ db, dataDir: config.dataDir, secrets, given })
  const reconciler = startReconciler({
    db,
    events,
    log,
    wakeRunner,
    client: sources.client,
    lastPulls: sources.lastPulls,
  })
  const inbox = startInbox({
    db,
    events,
    log,
    wakeRunner,
    resolveTag: (id, repository, tag, signal) => sources.client(id).digestOf(repository, tag, signal),
  })
  const importer = startImporter({
    db,
    events,
    log,
    secrets,
    sources,
    ownOrigins: () => reach.ownOrigins(),
    wakeRunner,
  })
  const sweeper = startSweeper({ db, log })
  const rules = startRuleKeeper({ db, events, log })
  const scoreDays = startScoreDays({ db, heavyReads, rules, log })
  const cancelWithoutPlan = (): void => {
    cancelWherePlanIsOff(db, events).catch((error: unknown) => {
      if (db.$client.open) log.error({ err: error }, 'scans under a plan that is off were not cancelled')
    })
  }
  // A server that was killed may not have come to it.
  cancelWithoutPlan()
  const connections = {
    db,
    events,
    log,
    secrets,
    sources,
    ownOrigins: () => reach.ownOrigins(),
    registryChanged: (id: string) => {
      // It may have moved to where the plan is off.
      cancelWithoutPlan()
      rules.wake()
      reconciler.sync()
      reconciler.wake(id)
    },
    registryRemoved: () => {
      rules.wake()
      reconciler.sync()
      sweeper.wake()
    },
  }
  const deps = {
    db,
    events,
    heavyReads,
    log,
    auth,
    secrets,
    reach,
    version,
    portalDir,
    wakeRunner,
    reconciler,
    importer,
    inbox,
    rules,
    connections,
    ownUsername: (id: string) => ownUsername({ db, secrets, given }, id),
  }
  server.on('request', createApp(deps))
  const control = await startControl(config.dataDir, createControlApp(deps), log)
  log.info({ port, version, pid: process.pid }, 'listening')

  const ending = new AbortController()
  runner = startRunner({ db, events, log, sources, rematch: advisories.rematch }, () => concurrencyOf(db))
  // What an earlier server was killed over is matched again as well.
  const stopDays = everyDay(advisories.newDay, () => new Date())

  const rescans = startRescans({ db, log, wakeRunner })
  const cluster = watchCluster(config.kubernetes, { db, events, log, wakeRunner })
  const readingAgain = askToReadAgain(db, at, ending.signal).then(asked => {
    if (asked > 0) log.info({ images: asked }, 'read by an older version, to be read again')
    wakeRunner()
  })
  const demonstrating = config.demonstration
    ? [startDemonstration(config.dataDir, { db, advisories, wakeRunner })]
    : []
  const background = [readingAgain, ...demonstrating].map(work =>
    work.catch((error: unknown) => {
      if (!ending.signal.aborted) log.error({ err: error }, 'something in the background broke off')
    }),
  )
  return {
    db,
    log,
    secrets,
    port,
    listensAt: listeningAt(network, port),
    origin: reach.origin,
    registryId,
    advisoriesImported: config.advisories === null ? null : advisories.importPlace(config.advisories),
    async stop() {
      ending.abort()
      stopDays()
      stopRenewing()
      const closed = new Promise(resolve => server.close(resolve))
      // Open pages hold a connection for live updates; they come back by themselves.
      server.closeAllConnections()
      await Promise.all([
        closed.then(() => inbox.stop()),
        control.stop(),
        runner?.stop(),
        reconciler.stop(),
        importer.stop(),
        rescans.stop(),
        cluster.stop(),
        sweeper.stop(),
        scoreDays.stop().then(() => rules.stop()),
        advisories.stop(),
        heavyReads.stop(),
        ...background,
      ])
      log.info('stopped')
      db.$client.close()
      lock.release()
    },
  }
}

async function startDemonstration(
  dataDir: string,
  { db, advisories, wakeRunner }: { db: Db; advisories: AdvisoryWork; wakeRunner: () => void },
): Promise<void> {
  // The advisories first, so that the first result is the one to stay.
  await advisories.importSnapshot()
  await stockDemonstration(db, dataDir, new Date().toISOString())
  wakeRunner()
}

/** Those of the registry the start names; without one, of the only registry there is. Never of any other. */
function credentialsFor(
  { registry, registryCredentials }: Config,
  known: readonly { readonly url: string }[],
): { url: string; credentials: Credentials } | null {
  const url = registry ?? (known.length === 1 ? known[0]?.url : undefined)
  return url === undefined || registryCredentials === null ? null : { url, credentials: registryCredentials }
}

/** @throws StartError, also when it would listen to others before there is an account, or take itself for a registry. */
async function startListening(
  { network, port: wanted, registry }: Config,
  db: Db,
): Promise<{ server: ReturnType<typeof serverFor>; port: number; reach: Reach }> {
  if (!isLoopback(network.host) && !hasUsers(db)) refuseWithoutAccount(network)
  const server = serverFor(network)
  const port = await listen(server, network.host, wanted)
  const reach = reachOf(network, port)
  if (registry === null || !(await leadsTo(reach.ownOrigins(), new URL(registry))))
    return { server, port, reach }
  server.close()
  throw new StartError(`--registry ${registry} is Plimsoll itself, and no registry.`)
}
