import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import {
  type DockerRegistry,
  startDockerRegistry,
} from '../../../../packages/engine/registry/testdata/docker-registry.ts'
import { connectTo, type Db } from '../../db/open.ts'
import { writeAdvisoryPlace } from '../../testdata/advisory-place.ts'
import { packagedImage } from '../../testdata/packaged-image.ts'
import { pushImage } from '../../testdata/push-image.ts'
import {
  type Browser,
  firstAdmin,
  printedNotifications,
  type ServerProcess,
  startProcess,
  temporaryFolder,
  until,
} from '../../testdata/server-process.ts'
import { readEndState, violations } from './end-state.ts'
import type { EndState } from './model.ts'
import { advisories, type Operation, type PoolImage, randomOf } from './operations.ts'
import { performer } from './perform.ts'

export interface StormResult {
  readonly state: EndState
  readonly violations: Record<string, number>
  readonly figures: {
    readonly kills: number
    readonly seconds: number
    readonly scans: number
    readonly restartedScans: number
    readonly charges: number
  }
}

/**
 * Does the operations with a real registry that tells a real server, which is killed that often meanwhile; then lets
 * what was told arrive, has the registry reconciled once, and reads how things stand.
 */
export async function storm(
  operations: readonly Operation[],
  pool: readonly PoolImage[],
  { kills, seed }: { kills: number; seed: number },
): Promise<StormResult> {
  const began = performance.now()
  const place = await startPlace()
  let { server } = place
  const perform = performer(place.registry.url, pool)
  const random = randomOf(seed)
  const perKill = Math.ceil(operations.length / (kills + 1))
  const batches = Array.from({ length: kills + 1 }, (_, at) => operations.slice(at * perKill, (at + 1) * perKill))
  const performAll = async (batch: readonly Operation[]): Promise<void> => {
    for (const operation of batch) await perform(operation)
  }
  for (const [at, batch] of batches.entries()) {
    if (at === kills) {
      await performAll(batch)
      break
    }
    const killed = async (): Promise<void> => {
      await new Promise(resolve => setTimeout(resolve, random() * 400))
      await server.kill()
      server = await place.restart()
    }
    await Promise.all([performAll(batch), killed()])
  }
  const db = connectTo(place.server.dataDir)
  await allTold(place, db)
  await reconciled(place, db)
  await quiet(db)
  const state = withoutSentinel(readEndState(db))
  const found = violations(db)
  const count = (query: string): number => db.$client.prepare(query).pluck().get() as number
  const figures = {
    kills,
    seconds: Math.round((performance.now() - began) / 100) / 10,
    scans: count(`select count(*) from scan where state = 'done'`),
    restartedScans: count('select count(*) from scan where attempts > 1'),
    charges: count('select count(*) from charge'),
  }
  db.$client.close()
  await server.stop()
  await place.registry.stop()
  return { state, violations: found, figures }
}

interface Place {
  readonly registry: DockerRegistry
  readonly registryId: string
  readonly server: ServerProcess
  readonly admin: Browser
  restart(): Promise<ServerProcess>
}

async function startPlace(): Promise<Place> {
  const folder = await temporaryFolder()
  await writeAdvisoryPlace(folder, advisories)
  const [registryPort, port] = [await freePort(), await freePort()]
  const flags = ['--empty', '--registry', `http://127.0.0.1:${registryPort}`]
  const server = await startProcess({ flags: [...flags, '--advisories', folder], port })
  const admin = await firstAdmin(server)
  await until('the advisories are imported', async () => {
    const feeds = await admin.api.advisories.status.query()
    return feeds.find(({ feed }) => feed === 'Debian:12') ?? null
  })
  const { url, authorization } = printedNotifications(server)
  const registry = await startDockerRegistry({
    port: registryPort,
    storageDirectory: await temporaryFolder(),
    notificationsUrl: url,
    headers: { Authorization: authorization },
  })
  const [shown] = await admin.api.registries.list.query()
  const registryId = shown?.id ?? ''
  const restart = (): Promise<ServerProcess> => startProcess({ flags, port, dataDir: server.dataDir })
  return { registry, registryId, server, admin, restart }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

const sentinel = 'end/of-storm'

/** The registry tells of everything in its order, so what it is told last is told when all is. */
async function allTold({ registry }: Place, db: Db): Promise<void> {
  await pushImage(registry.url, sentinel, 'latest', packagedImage([{ zlib1g: '1:1.2.13' }], 'sentinel'))
  const told = db.$client
    .prepare(
      `select 1 from occurrence o join repository rp on rp.id = o.repository_id
       where rp.name = ? and o.event_at is not null`,
    )
    .pluck()
  await until('all events have come', () => told.get(sentinel) === 1, 180_000)
}

async function reconciled({ admin, registryId }: Place, db: Db): Promise<void> {
  const asked = new Date().toISOString()
  await admin.api.registries.reconcile.mutate({ registryId })
  const since = db.$client.prepare('select discovered_at from registry where id = ?').pluck()
  await until('the registry is listed', () => String(since.get(registryId)) >= asked, 60_000)
}

/** Nothing waits and nothing goes on. */
async function quiet(db: Db): Promise<void> {
  const left = db.$client
    .prepare(
      `select (select count(*) from scan where state in ('queued', 'running')) + (select count(*) from event_inbox)
         + (select count(*) from rematch)`,
    )
    .pluck()
  await until('all is worked off', () => left.get() === 0, 120_000)
}

function withoutSentinel(state: EndState): EndState {
  const { digest } = packagedImage([{ zlib1g: '1:1.2.13' }], 'sentinel').manifest
  const others = (lines: readonly string[]): readonly string[] => lines.filter(line => !line.includes(digest))
  return {
    tags: others(state.tags),
    occurrences: others(state.occurrences),
    open: others(state.open),
    charged: others(state.charged),
  }
}
