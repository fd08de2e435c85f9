import { openDatabase } from '../../apps/server/db/open.ts'
import { makeLargeFleet, placeOfImage } from '../../apps/server/testdata/large-fleet.ts'
import type { Api } from '../../apps/server/testdata/server-process.ts'
import { type PlimsollServer, startPlimsoll } from './plimsoll-server.ts'

/** Registries of a fleet that was made up: `base` without a finding, `registry-0` with 300, `registry-1` with 30. */
const size = { images: 110, findingsPerImage: 3, matches: 60 }

/** An image of registry-1. */
export const anImage = placeOfImage(105)

export const startFleet = (of = size): Promise<PlimsollServer> =>
  startPlimsoll(['--empty'], {
    fill(dataDir) {
      const db = openDatabase(dataDir)
      makeLargeFleet(db, of)
      db.$client.close()
    },
  })

/** What the pages show of findings. */
export type Shown = Awaited<ReturnType<typeof shownBy>>
export const shownBy = async (api: Api) => ({
  overview: await api.overview.get.query(),
  raise: await api.overview.raise.query(),
  recommendations: await api.recommendations.list.query(),
  recommendation: await api.recommendations.get.query(),
  checks: await api.recommendations.securityChecks.query({}),
  disabledChecks: await api.recommendations.securityChecks.query({ tab: 'disabled' }),
  registries: await api.registries.list.query(),
  repositories: await api.repositories.list.query({ registryId: 'registry-1' }),
  images: await api.images.list.query({ registryId: 'registry-1' }),
  open: await api.findings.list.query({}),
  disabled: await api.findings.list.query({ filter: { status: 'disabled' } }),
})
