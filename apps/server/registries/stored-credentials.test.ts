import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeCertificate } from '../../../packages/engine/registry/testdata/certificate.ts'
import {
  startDockerRegistry,
  testCredentials,
} from '../../../packages/engine/registry/testdata/docker-registry.ts'
import { packagedImage } from '../testdata/packaged-image.ts'
import { pushImage } from '../testdata/push-image.ts'
import {
  type Api,
  type Browser,
  cleanUp,
  firstAdmin,
  openBrowser,
  type ServerProcess,
  startProcess,
  testAdmin,
  until,
} from '../testdata/server-process.ts'

afterAll(cleanUp)

const { username, password } = testCredentials
const credentials = { kind: 'password', username, password } as const
/** What must be found nowhere: the password, and the header it is sent in. */
const secrets = [password, Buffer.from(`${username}:${password}`).toString('base64')]

async function signedIn({ url }: ServerProcess): Promise<Browser> {
  const browser = openBrowser(url)
  const { email, password: own } = testAdmin
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password: own }),
  })
  browser.keep(response.headers.getSetCookie())
  return browser
}

async function filesWithSecrets(dataDir: string): Promise<string[]> {
  const files = (await readdir(dataDir, { withFileTypes: true })).filter(entry => entry.isFile())
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['plimsoll.db', 'plimsoll.log']))
  const found = await Promise.all(
    files.map(async ({ name }) => {
      const bytes = await readFile(join(dataDir, name))
      return secrets.some(secret => bytes.includes(secret)) ? [name] : []
    }),
  )
  return found.flat()
}

test('stored credentials outlast the server, are in no file, and have to be given again without their key', async () => {
  const tls = await makeCertificate()
  const filling = await startDockerRegistry()
  await pushImage(filling.url, 'team/app', '1.0', packagedImage([{ openssl: '3.0.11-1' }]))
  const guarded = await startDockerRegistry({
    htpasswd: testCredentials.htpasswd,
    tls,
    storageDirectory: filling.storageDirectory,
  })
  try {
    let server = await startProcess({ flags: ['--empty'] })
    const { dataDir } = server
    let { api } = await firstAdmin(server)
    const connection = { address: guarded.host, certificateAuthority: tls.cert, credentials }
    const wrong = { ...credentials, password: `${password}-not` }
    const refused = await api.registries.test.mutate({ ...connection, credentials: wrong })
    expect(refused.problem?.code).toBe('credentials-refused')
    const [subscription] = await api.subscriptions.list.query()
    const subscriptionId =
      subscription?.id ?? (await api.subscriptions.create.mutate({ name: 'Production' })).id
    const connected = await api.registries.connect.mutate({ ...connection, subscriptionId })
    const { id: registryId } = connected
    const known = await until('its image is scanned', async () => await scannedImages(api, registryId))
    expect(known).toEqual([{ repository: 'team/app', state: 'done' }])
    const twice = await api.registries.connect
      .mutate({ ...connection, subscriptionId })
      .catch((error: unknown) => error)
    for (const secret of secrets) expect(JSON.stringify([refused, connected, twice])).not.toContain(secret)
    await server.kill()
    expect(await filesWithSecrets(dataDir)).toEqual([])

    server = await startProcess({ dataDir, flags: ['--empty'] })
    api = (await signedIn(server)).api
    const stored = { registryId, address: guarded.host }
    expect(await api.registries.test.mutate(stored)).toMatchObject({ ok: true, problem: null })
    expect((await api.registries.reconcile.mutate({ registryId })).started).toBe(true)
    await server.stop()

    // As a copy of the database alone has it.
    await rm(join(dataDir, 'secrets.json'))
    server = await startProcess({ dataDir, flags: ['--empty'] })
    api = (await signedIn(server)).api
    const locked = await until('it is said', async () => {
      const registry = await api.registries.get.query({ registryId })
      return registry.connectionError === null ? null : registry
    })
    expect(locked.connectionError).toMatch(/cannot be opened.* Give the credentials again/)
    // What was found before stays.
    expect(Object.values(locked.images).reduce((sum, count) => sum + count, 0)).toBe(1)
    await expect(api.registries.test.mutate(stored)).rejects.toThrow('cannot be opened')
    await api.registries.change.mutate({ registryId, credentials })
    await until('it works again', async () => {
      return (await api.registries.get.query({ registryId })).connectionError === null
    })
    await server.stop()
    expect(await filesWithSecrets(dataDir)).toEqual([])
  } finally {
    await Promise.all([guarded.stop(), filling.stop()])
  }
})

async function scannedImages(api: Api, registryId: string) {
  const { rows } = await api.scans.list.query({ page: 1, size: 25 })
  const own = rows.filter(row => row.registryId === registryId)
  const ended = own.length > 0 && own.every(({ state }) => !['queued', 'running'].includes(state))
  return ended ? own.map(({ repository, state }) => ({ repository, state })) : null
}
