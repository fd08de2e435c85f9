import { createExpressMiddleware } from '@trpc/server/adapters/express'
import express, { type Express } from 'express'
import type { JWTVerifyGetKey } from 'jose'
import type { Logger } from 'pino'
import { type Auth, authPaths, peerHeader } from '../access/auth.ts'
import { accessOf } from '../access/request-access.ts'
import type { Secrets } from '../access/secrets.ts'
import type { Context } from '../api/context.ts'
import { appRouter } from '../api/router.ts'
import { onUnexpected } from '../api/trpc.ts'
import type { Db } from '../db/open.ts'
import type { EventBus } from '../events.ts'
import { exportRoutes } from '../exports/routes.ts'
import type { Importer } from '../imports/importer.ts'
import type { Inbox } from '../intake/inbox.ts'
import type { Reconciler } from '../intake/reconcile/reconciler.ts'
import { webhooks } from '../intake/webhooks/route.ts'
import { webhookSetup } from '../intake/webhooks/setup.ts'
import type { HeavyReads } from '../posture/heavy-reads.ts'
import type { ConnectionDeps } from '../registries/deps.ts'
import { webhookSecretOf } from '../registries/webhook-secret.ts'
import type { RuleKeeper } from '../rules/keeper.ts'
import { onFailure } from './failure.ts'
import { knownHost, namePeer, onlyProxies, sameOrigin, strictTransport } from './guards.ts'
import { health } from './health.ts'
import { newNonce, portal, securityHeaders } from './portal.ts'
import type { Reach } from './reach.ts'

export interface AppDeps {
  readonly db: Db
  readonly events: EventBus
  readonly heavyReads: HeavyReads
  readonly log: Logger
  readonly auth: Auth
  readonly secrets: Secrets
  readonly reach: Reach
  readonly version: string
  /** The folder of the built portal. */
  readonly portalDir: string
  readonly wakeRunner: () => void
  readonly reconciler: Pick<Reconciler, 'wake' | 'sync'>
  readonly importer: Pick<Importer, 'wake' | 'cancel'>
  readonly inbox: Inbox
  readonly connections: ConnectionDeps
  readonly rules: RuleKeeper
  /** The name that a registry is asked with. */
  readonly ownUsername: (registryId: string) => string | null
  /** Left out: Google's own. */
  readonly googleKeys?: JWTVerifyGetKey
}

/** Everything that is answered over HTTP. */
export function createApp(deps: AppDeps): Express {
  const { db, log, auth, secrets, reach, version } = deps
  const access = { db, auth, log, secret: secrets.session, version, secure: reach.secure }
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', reach.isTrustedProxy)
  // Before what is for browsers alone: in a burst thousands come in a second.
  app.use(onlyProxies(reach), knownHost(reach), webhooks({ ...deps, origin: reach.origin }))
  app.use(newNonce, securityHeaders, strictTransport(reach), namePeer(reach))
  app.get('/healthz', health(db, version))

  app.use('/api', sameOrigin(reach), (_request, response, next) => {
    response.set('cache-control', 'no-store')
    next()
  })
  app.use('/api/auth', smallJson, (request, response, next) => {
    if (!authPaths.has(`${request.method} ${request.originalUrl.split('?')[0]}`)) {
      response.status(404).json({ error: 'There is nothing here.' })
      return
    }
    response.once('finish', () => {
      const { statusCode } = response
      if (statusCode < 400) return
      const peer = request.headers[peerHeader]
      log.warn({ audit: 'sign-in-refused', path: request.path, statusCode, peer }, 'a sign-in was refused')
    })
    auth.handler(request, response).catch(next)
  })
  app.use(
    '/api/trpc',
    createExpressMiddleware({
      router: appRouter,
      maxBodySize: 1024 * 1024,
      // A query whose input is too long for an address.
      allowMethodOverride: true,
      onError: onUnexpected(log),
      createContext: async ({ req, res }): Promise<Context> => ({
        ...contextBase(deps),
        ...(await accessOf(req, res, access)),
      }),
    }),
  )
  app.use(exportRoutes(deps, async (request, response) => (await accessOf(request, response, access)).viewer))
  app.use('/api', (_request, response) => {
    response.status(404).json({ error: 'There is nothing here.' })
  })
  app.use(portal(deps.portalDir))
  app.use((_request, response) => {
    response.status(404).type('text').send('There is nothing here.\n')
  })
  app.use(onFailure(log, (response, sentence) => response.type('text').send(`${sentence}\n`)))
  return app
}

/** What every procedure may use, whoever asks. */
export function contextBase(deps: AppDeps): Omit<Context, 'viewer' | 'access'> {
  const { db, events, log, secrets } = deps
  const { origin } = deps.reach
  return {
    db,
    events,
    heavyReads: deps.heavyReads,
    log,
    origin,
    wakeRunner: deps.wakeRunner,
    reconciler: deps.reconciler,
    importer: deps.importer,
    connections: deps.connections,
    rules: deps.rules,
    webhookSetup: id => webhookSetup(db, origin, id, webhookSecretOf(db, secrets, id)),
  }
}

/** The sign-in library would read a body of any length, and whatever it is, before it knows who sent it. */
const smallJson = express.json({ type: () => true, limit: 16 * 1024 })
