import { createExpressMiddleware } from '@trpc/server/adapters/express'
import express, { type Express } from 'express'
import type { Context, RequestAccess, Viewer } from '../api/context.ts'
import { appRouter } from '../api/router.ts'
import { onUnexpected } from '../api/trpc.ts'
import { exportRoutes } from '../exports/routes.ts'
import { type AppDeps, contextBase } from '../http/app.ts'
import { onFailure } from '../http/failure.ts'
import { Refusal } from '../refusal.ts'

/** Who comes in by the control socket. It has an id: what it is given may outlast the demonstration. */
const operator: Viewer & { readonly id: string } = {
  id: 'control',
  name: 'Command line',
  role: 'Security Admin',
}

/**
 * The API as the control socket answers it. It is an application of its own, given to that listener alone, so that
 * nothing a request over TCP says can make it the operator's; and it needs none of the guards against browsers.
 */
export function createControlApp(deps: AppDeps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(
    '/api/trpc',
    createExpressMiddleware({
      router: appRouter,
      maxBodySize: 1024 * 1024,
      allowMethodOverride: true,
      onError: onUnexpected(deps.log),
      createContext: (): Context => ({ ...contextBase(deps), viewer: operator, access: accessOf(deps) }),
    }),
  )
  app.use(exportRoutes(deps, () => operator))
  app.use((_request, response) => {
    response.status(404).json({ error: 'There is nothing here.' })
  })
  app.use(onFailure(deps.log, (response, error) => response.json({ error })))
  return app
}

/** Nobody signs in or out here. */
const accessOf = ({ version }: AppDeps): RequestAccess => ({
  session: () => ({
    user: { ...operator, email: '' },
    viewAs: false,
    setupNeeded: false,
    demonstration: false,
    version,
  }),
  viewAs: refuse,
  acceptInvitation: async () => refuse(),
  signOut: async () => refuse(),
  stillHolds: async () => true,
})

function refuse(): never {
  throw new Refusal('bad-request', 'Signing in and out is done in the portal.')
}
