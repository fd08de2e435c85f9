import { advisories } from './advisories.ts'
import { billing } from './billing.ts'
import { clusters } from './clusters.ts'
import { findings } from './findings.ts'
import { images } from './images.ts'
import { imports } from './imports.ts'
import { notices } from './notices.ts'
import { overview } from './overview.ts'
import { recommendations } from './recommendations.ts'
import { registries } from './registries.ts'
import { repositories } from './repositories.ts'
import { rules } from './rules.ts'
import { scans } from './scans.ts'
import { scopes } from './scopes.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'
import { subscriptions } from './subscriptions.ts'
import { router } from './trpc.ts'
import { users } from './users.ts'

/** The portal's API, one router per noun, at /api/trpc. The portal imports the type alone. */
export const appRouter = router({
  advisories,
  billing,
  clusters,
  findings,
  images,
  imports,
  notices,
  overview,
  recommendations,
  registries,
  repositories,
  rules,
  scans,
  scopes,
  session,
  settings,
  subscriptions,
  users,
})
export type AppRouter = typeof appRouter
