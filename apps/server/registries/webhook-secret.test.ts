import { createHmac } from 'node:crypto'
import { newRegistrySchema } from '@plimsoll/types'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureSubscription } from '../intake/places.ts'
import { webhookSetup } from '../intake/webhooks/setup.ts'
import { startApp, type TestApp } from '../testdata/app.ts'
import { connectAtStart } from './at-start.ts'
import { connectRegistry } from './connect.ts'
import type { ConnectionDeps } from './deps.ts'
import { removeRegistry } from './remove.ts'
import { sweepRemoved } from './sweep.ts'
import { testConnections } from './testdata/connections.ts'
import { rotateWebhookSecret, webhookSecretOf } from './webhook-secret.ts'

/** Secrets of registries over real HTTP. */

const by = { name: 'Ada' }
const at = '2024-03-01T00:00:00.000Z'
let app: TestApp
let deps: ConnectionDeps & { readonly logged: () => string }
beforeEach(async () => {
  app = await startApp()
  deps = { ...testConnections(), db: app.db, secrets: app.secrets, events: app.events }
  ensureSubscription(app.db, { id: 'main', name: 'Main' }, at)
})
afterEach(async () => await app.stop())

const connect = async (): Promise<string> =>
  await connectRegistry(
    newRegistrySchema.parse({
      address: 'http://127.0.0.1:9',
      allowPlainHttp: true,
      subscriptionId: 'main',
      untested: true,
    }),
    deps,
    by,
  )
const secretOf = (id: string): string => webhookSecretOf(app.db, app.secrets, id)
const sweep = async () => await sweepRemoved(app.db, new AbortController().signal)

/** The statuses of events that bring this secret, at the registry's own address and at the one for all. */
const send = async (id: string, secret: string): Promise<number[]> =>
  await Promise.all(
    [`distribution/${id}`, 'distribution'].map(async path => {
      const response = await fetch(`${app.url}/webhooks/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: '{"events":[]}',
      })
      return response.status
    }),
  )

test('of a new secret on the old one proves nothing, and the log keeps who did it', async () => {
  const [id, told] = [await connect(), [] as unknown[]]
  const old = secretOf(id)
  expect(await send(id, old)).toEqual([200, 200])
  app.events.subscribe(event => void told.push(event))
  rotateWebhookSecret(id, deps, by)
  const now = secretOf(id)
  expect(await send(id, old)).toEqual([401, 401])
  expect(await send(id, now)).toEqual([200, 200])
  expect(JSON.stringify(webhookSetup(app.db, app.url, id, now))).toContain(now)
  expect(told).toContainEqual({ type: 'changed', what: 'registries' })
  expect(deps.logged()).toContain('"audit":"webhook-secret-rotated"')
  for (const secret of [old, now]) expect(deps.logged()).not.toContain(secret)
  expect(() => rotateWebhookSecret('none', deps, by)).toThrow('There is no registry none.')
})

test('a registry that is connected once more has its old id, and another secret', async () => {
  const id = await connect()
  const old = secretOf(id)
  removeRegistry(id, deps, by)
  expect(await send(id, old)).toEqual([401, 401])
  expect(await sweep()).toBe(1)
  expect(await connect()).toBe(id)
  expect(await send(id, old)).toEqual([401, 401])
  expect(await send(id, secretOf(id))).toEqual([200, 200])
})

test('one of the command line keeps its secret from start to start, and gets another after it was removed', async () => {
  const start = () => connectAtStart(app.db, 'http://127.0.0.1:9', at)
  const id = start()
  const old = secretOf(id)
  expect([start(), secretOf(id)]).toEqual([id, old])
  rotateWebhookSecret(id, deps, by)
  const rotated = secretOf(id)
  expect([start(), secretOf(id)]).toEqual([id, rotated])
  removeRegistry(id, deps, by)
  await sweep()
  expect(start()).toBe(id)
  expect([old, rotated]).not.toContain(secretOf(id))
})

test('one of an older version keeps the secret that it was told, until it is given a new one', async () => {
  const id = await connect()
  app.db.$client.exec('update registry set webhook_nonce = null')
  const told = createHmac('sha256', app.secrets.webhook).update(`registry ${id}`).digest('base64url')
  expect(await send(id, told)).toEqual([200, 200])
  rotateWebhookSecret(id, deps, by)
  expect(await send(id, told)).toEqual([401, 401])
})
