import { afterAll, expect, test } from 'vitest'
import {
  content,
  hangsAfter,
  startFaultyRegistryDouble,
  status,
} from '../../../packages/engine/registry/testdata/faulty-registry-double.ts'
import { packagedImage } from '../testdata/packaged-image.ts'
import { postEvents, registryEvent } from '../testdata/registry-event.ts'
import {
  cleanUp,
  firstAdmin,
  printedNotifications,
  type ServerProcess,
  startProcess,
  until,
} from '../testdata/server-process.ts'

afterAll(cleanUp)

// A double, because a real registry cannot be made to stop in the middle of a layer.
test('a scan that a killed server was at is finished by the next one, which also stops in time', async () => {
  const image = packagedImage([{ openssl: '3.0.11-1', zlib1g: '1:1.2.13' }])
  const [layer] = image.layers
  if (layer === undefined) throw new Error('the image has no layer')
  const registry = await startFaultyRegistryDouble()
  registry.answer('/v2/', status(200))
  registry.answer('/v2/_catalog', status(200, {}, { repositories: [] }))
  registry.serve('team/api', '1.0', image)
  const layerPath = `/v2/team/api/blobs/${layer.digest}`
  registry.fault(layerPath, hangsAfter(layer, 20))

  const flags = ['--empty', '--registry', registry.url]
  const first = await startProcess({ flags })
  const admin = await firstAdmin(first)
  const { digest } = image.manifest
  const pushed = await postEvents(printedNotifications(first), [registryEvent({ digest, tag: '1.0' })])
  expect(pushed.status).toBe(200)
  await until('the layer is being pulled', async () => {
    const { rows } = await admin.api.scans.list.query({})
    return rows[0]?.state === 'running' && registry.requests.some(({ path }) => path === layerPath)
  })
  await first.kill()

  registry.answer(layerPath, content(layer))
  const second = await startProcess({ flags, dataDir: first.dataDir })
  const scan = await finished(second, admin.cookie())
  expect(scan).toMatchObject({ state: 'done', attempts: 2, digest, tags: ['1.0'] })
  expect(scan.progress).toMatchObject({ stage: 'done', packages: 2 })

  // A registry that hangs must not keep the server from stopping; what it was at is put back as if never begun.
  registry.fault(layerPath, hangsAfter(layer, 20))
  const other = packagedImage([{ openssl: '3.0.11-1', zlib1g: '1:1.2.13' }], 'other')
  registry.serve('team/api', '1.1', { ...other, blobs: [] })
  const again = await postEvents(printedNotifications(second), [
    registryEvent({ digest: other.manifest.digest, tag: '1.1' }),
  ])
  expect(again.status).toBe(200)
  const { code, ms } = await second.stop()
  expect(code).toBe(0)
  expect(ms).toBeLessThan(5000)
  await registry.stop()
})

async function finished(server: ServerProcess, cookie: string) {
  return await until('the scan has ended', async () => {
    const response = await fetch(`${server.url}/api/trpc/scans.list?input=%7B%7D`, { headers: { cookie } })
    const { result } = (await response.json()) as {
      result: { data: { rows: { state: string; progress: object }[] } }
    }
    return result.data.rows.find(({ state }) => state === 'done' || state === 'failed') ?? null
  })
}
