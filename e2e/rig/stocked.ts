import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until, viewer } from '../../apps/server/testdata/server-process.ts'
import { startPlimsoll } from './plimsoll-server.ts'

/** Images of the demonstration, by apps/server/demo/specifications. */
export const sampleImages = 15

const folderVariable = 'PLIMSOLL_E2E_STOCKED'

/** Once before all tests: the data folder of a demonstration whose samples were all scanned. @returns what removes it. */
// oxlint-disable-next-line import/no-default-export -- as Playwright looks for it
export default async function stockOnce(): Promise<() => Promise<void>> {
  const plimsoll = await startPlimsoll([])
  try {
    const { api } = await viewer(plimsoll, 'Security Reader')
    await until(
      'all samples are scanned',
      async () => {
        const { rows } = await api.scans.list.query({})
        return rows.length === sampleImages && rows.every(({ finishedAt }) => finishedAt !== null)
      },
      120_000,
    )
    await plimsoll.end()
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-e2e-stocked-'))
    await cp(plimsoll.dataDir, folder, { recursive: true })
    process.env[folderVariable] = folder
    return () => rm(folder, { recursive: true })
  } finally {
    await plimsoll.stop()
  }
}

/** Fills a data folder with what a demonstration holds when its samples are scanned. */
export async function stocked(dataDir: string): Promise<void> {
  const folder = process.env[folderVariable]
  if (folder === undefined)
    throw new Error('nothing was stocked: is globalSetup left out of the configuration?')
  await cp(folder, dataDir, { recursive: true })
}
