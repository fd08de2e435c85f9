import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JWTVerifyGetKey } from 'jose'
import { createAuth } from '../access/auth.ts'
import { newSecret, type Secrets } from '../access/secrets.ts'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus, type EventBus } from '../events.ts'
import { createApp } from '../http/app.ts'
import type { Network } from '../http/network-flags.ts'
import { reachOf } from '../http/reach.ts'
import { type Inbox, startInbox } from '../intake/inbox.ts'
import { capturedLog } from './captured-log.ts'
import { createSources } from '../registries/sources.ts'
import { startRuleKeeper } from '../rules/keeper.ts'
import { heavyReadsInline } from '../posture/heavy-reads.ts'

/** What answers over HTTP, on a real port, with a database in memory. */
export interface TestApp {
  readonly db: Db
  readonly events: EventBus
  readonly url: string
  readonly port: number
  readonly secrets: Secrets
  readonly portalDir: string
  readonly inbox: Inbox
  /** All that was logged. */
  log(): string
  /** Has the clock of rules go ahead by so many milliseconds. */
  passTime(ms: number): void
  stop(): Promise<void>
}

/** @param given what stands in for Google's keys, and how the server is reached where that is not by loopback alone. */
export async function startApp(
  given: { readonly googleKeys?: JWTVerifyGetKey; readonly network?: Partial<Network> } = {},
): Promise<TestApp> {
  const portalDir = await mkdtemp(join(tmpdir(), 'plimsoll-portal-'))
  await mkdir(join(portalDir, 'assets'))
  await writeFile(join(portalDir, 'assets/index-abc.js'), 'export {}')
  await writeFile(join(portalDir, 'color-scheme.js'), '// scheme')
  await writeFile(join(portalDir, 'index.html'), '<script nonce="__CSP_NONCE__" src="/assets/index-abc.js"></script>')
  const db = openInMemory()
  const events = createEventBus()
  const secrets = { session: newSecret(), webhook: newSecret(), credentials: newSecret() }
  const { log, logged } = capturedLog()
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { network, ...rest } = given
  const reach = reachOf({ host: '127.0.0.1', tls: null, trustedProxies: [], publicUrl: null, ...network }, port)
  const auth = createAuth({ db, log, secret: secrets.session, ...reach })
  const deps = { db, events, log, auth, secrets, reach, portalDir }
  const importer = { wake: () => undefined, cancel: () => undefined }
  const reconciler = { wake: () => false, sync: () => undefined }
  const inbox = startInbox({
    ...deps,
    wakeRunner: () => undefined,
    resolveTag: async () => await Promise.reject(new Error('no registry is asked here')),
  })
  const ownUsername = () => null
  let passed = 0
  const rules = startRuleKeeper({ ...deps, now: () => new Date(Date.now() + passed) })
  const connections = {
    ...deps,
    sources: createSources({ db, dataDir: portalDir, secrets, given: null }),
    ownOrigins: () => reach.ownOrigins(),
    registryChanged: () => undefined,
    registryRemoved: () => undefined,
  }
  const more = { heavyReads: heavyReadsInline(db), version: '0.0.0-test', wakeRunner: () => undefined, reconciler, importer, inbox, connections, ownUsername, rules }
  server.on('request', createApp({ ...deps, ...more, ...rest }))
  return {
    db,
    events,
    url: `http://127.0.0.1:${port}`,
    port,
    secrets,
    portalDir,
    inbox,
    log: logged,
    passTime(ms) {
      passed += ms
    },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await inbox.stop()
      await rules.stop()
      db.$client.close()
      await rm(portalDir, { recursive: true, force: true })
    },
  }
}
