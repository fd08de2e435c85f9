import { type Request, type Response, Router } from 'express'
import type { Viewer } from '../api/context.ts'
import { exportCharges } from '../billing/export.ts'
import type { PostureExportDeps } from './posture-deps.ts'
import { exportRecommendations } from './recommendations.ts'
import { exportRegistries } from './registries.ts'
import { exportSecurityChecks } from './security-checks.ts'

const all = {
  '/api/billing/export': exportCharges,
  '/api/recommendations/export': exportRecommendations,
  '/api/registries/export': exportRegistries,
  '/api/security-checks/export': exportSecurityChecks,
}

/** What is downloaded as a file. */
export function exportRoutes(
  deps: Omit<PostureExportDeps, 'viewer'>,
  viewerOf: (request: Request, response: Response) => Viewer | Promise<Viewer | null>,
): Router {
  const router = Router()
  for (const [path, answer] of Object.entries(all)) {
    router.get(path, async (request, response) => {
      await answer(request, response, { ...deps, viewer: await viewerOf(request, response) })
    })
  }
  return router
}
