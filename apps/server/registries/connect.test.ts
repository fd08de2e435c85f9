import { newRegistrySchema } from '@plimsoll/types'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../../packages/engine/registry/testdata/certificate.ts'
import {
  type DockerRegistry,
  startDockerRegistry,
  testCredentials,
} from '../../../packages/engine/registry/testdata/docker-registry.ts'
import { getRegistry, listRegistries } from '../posture/registries.ts'
import { changeRegistry } from './change.ts'
import { connectRegistry } from './connect.ts'
import { testConnection } from './test-connection.ts'
import { type ConnectProxy, startConnectProxy } from './testdata/connect-proxy.ts'
import { type TestConnections, testConnections } from './testdata/connections.ts'

let certificate: { readonly key: string; readonly cert: string }
/** Over TLS with a certificate of its own, and with a password. */
let guarded: DockerRegistry
let open: DockerRegistry
let proxy: ConnectProxy
let deps: TestConnections

const by = { name: 'Ada' }
const { username, password } = testCredentials
const right = { kind: 'password', username, password } as const
const wrong = { ...right, password: 'not-the-password' } as const
const signal = () => AbortSignal.timeout(10_000)

beforeAll(async () => {
  certificate = await makeCertificate()
  ;[guarded, open, proxy] = await Promise.all([
    startDockerRegistry({ htpasswd: testCredentials.htpasswd, tls: certificate }),
    startDockerRegistry(),
    startConnectProxy(),
  ])
})
afterAll(async () => await Promise.all([guarded.stop(), open.stop(), proxy.stop()]))
beforeEach(() => {
  deps = testConnections()
})

const connect = async (given: Record<string, unknown>) =>
  await connectRegistry(newRegistrySchema.parse({ subscriptionId: 'main', ...given }), deps, by)

/** The guarded one, as it works. */
const connectGuarded = async (more: Record<string, unknown> = {}) =>
  await connect({
    address: guarded.host,
    credentials: right,
    certificateAuthority: certificate.cert,
    ...more,
  })

const row = (id: string) => deps.db.$client.prepare('select * from registry where id = ?').get(id)

describe('connecting', () => {
  test('a registry that works makes it known, with what it is asked with sealed', async () => {
    const id = await connectGuarded({ name: 'Guarded', resourceGroup: 'prod' })
    expect(id).toBe(guarded.host.replaceAll(/[.:]/g, '-'))
    const detail = getRegistry(deps.db, id)
    expect(detail).toMatchObject({
      name: 'Guarded',
      kind: 'distribution',
      url: guarded.url,
      subscription: { id: 'main' },
      resourceGroup: 'prod',
      credentialKind: 'password',
      hasCertificateAuthority: true,
      connectionError: null,
      connectionCode: null,
      health: 'not-scanned',
    })
    await deps.sources.client(id).ping(signal())
    expect(deps.changed).toEqual([id])
    for (const text of [JSON.stringify(detail), JSON.stringify(row(id)), deps.logged()]) {
      expect(text).not.toContain(password)
    }
    expect(deps.logged()).toContain('"audit":"registry-connected"')
    expect(deps.logged()).toContain('"by":"Ada"')
  })

  test('through a proxy, and everything that is asked later goes through it as well', async () => {
    const id = await connectGuarded({ proxy: proxy.url })
    expect(getRegistry(deps.db, id)).toMatchObject({ connectionError: null, proxy: proxy.url })
    const before = proxy.asked.length
    expect(before).toBeGreaterThan(0)
    await deps.sources.client(id).ping(signal())
    expect(proxy.asked.length).toBeGreaterThan(before)
    expect(new Set(proxy.asked)).toEqual(new Set([guarded.host]))
  })

  test('one that does not work is connected only when that is asked for, and then has the reason', async () => {
    const gone = await startDockerRegistry()
    await gone.stop()
    await expect(connect({ address: gone.url, allowPlainHttp: true })).rejects.toMatchObject({
      code: 'unconfirmed',
      message: `Nothing listens at ${gone.url}.`,
    })
    await expect(connectGuarded({ credentials: wrong })).rejects.toMatchObject({ code: 'unconfirmed' })
    expect(listRegistries(deps.db)).toEqual([])
    const id = await connect({ address: gone.url, allowPlainHttp: true, untested: true })
    expect(getRegistry(deps.db, id)).toMatchObject({
      health: 'not-applicable',
      healthReason: expect.stringContaining(`Nothing listens at ${gone.url}`),
      connectionCode: 'connection-refused',
    })
  })

  test('the same registry twice, in no subscription, or this very server, is refused', async () => {
    await connectGuarded()
    await expect(connectGuarded({ subscriptionId: 'other' })).rejects.toMatchObject({
      code: 'conflict',
      message: `${guarded.url} is connected already, as ${guarded.host} in main.`,
    })
    // Whatever protocol it is asked by: what listens there is the same.
    await expect(
      connect({ address: `http://${guarded.host}`, allowPlainHttp: true, untested: true }),
    ).rejects.toThrow(`is connected already, as ${guarded.url}`)
    await expect(connect({ address: 'registry.example', subscriptionId: 'none' })).rejects.toThrow(
      'There is no subscription none.',
    )
    await expect(connect({ address: 'http://localhost:1', allowPlainHttp: true })).rejects.toThrow(
      'http://localhost:1 is Plimsoll itself',
    )
    await expect(connect({ address: open.url })).rejects.toThrow('travel in the clear')
    expect(listRegistries(deps.db)).toHaveLength(1)
  })

  test('what is no certificate, no key, no region is refused before anybody is asked', async () => {
    const address = 'registry.example'
    const refusals: [Record<string, unknown>, string][] = [
      [{ certificateAuthority: 'PEM' }, 'This is not a certificate.'],
      [{ certificateAuthority: `${certificate.cert}${certificate.key}` }, 'This holds a private key.'],
      [{ credentials: { kind: 'google-key', key: '{"type":"x"}' } }, 'not the key of a service account'],
      [{ credentials: { kind: 'ecr', accessKeyId: 'A', secretAccessKey: 'hush' } }, 'The region'],
      [{ proxy: 'http://user:hush@proxy.example' }, 'not the address of a proxy'],
    ]
    for (const [given, message] of refusals) {
      const refused = connect({ address, ...given })
      await expect(refused).rejects.toThrow(message)
      await expect(refused).rejects.not.toThrow('hush')
    }
  })
})

describe('testing', () => {
  const codeOf = async (given: Parameters<typeof testConnection>[0]) =>
    (await testConnection(given, deps)).problem?.code ?? null
  const whole = () => ({
    address: guarded.host,
    allowPlainHttp: false,
    certificateAuthority: certificate.cert,
  })

  test('says what is in the way', async () => {
    expect(await codeOf({ ...whole(), credentials: right })).toBeNull()
    expect(await codeOf({ ...whole(), credentials: wrong })).toBe('credentials-refused')
    expect(await codeOf(whole())).toBe('credentials-missing')
    expect(await codeOf({ ...whole(), certificateAuthority: null })).toBe('certificate-untrusted')
    expect(await codeOf({ address: open.url, allowPlainHttp: false })).toBe('plain-http-not-allowed')
    expect(await codeOf({ address: open.url, allowPlainHttp: true })).toBeNull()
    expect(await codeOf({ address: 'a b', allowPlainHttp: false })).toBe('address-invalid')
    expect(await codeOf({ address: 'http://127.0.0.1:1', allowPlainHttp: true })).toBe('address-refused')
    expect(await codeOf({ address: 'http://169.254.169.254', allowPlainHttp: true })).toBe('address-refused')
    expect(deps.logged()).not.toContain('sesame')
  })

  test('a connected registry goes by what is stored, to its own address alone, and is kept with it', async () => {
    const id = await connectGuarded({ credentials: wrong, untested: true })
    expect(getRegistry(deps.db, id).connectionCode).toBe('credentials-refused')
    const stored = { registryId: id, address: guarded.url, allowPlainHttp: false }
    expect(await codeOf({ ...stored, credentials: right })).toBeNull()
    // That was not what is stored.
    expect(getRegistry(deps.db, id).connectionCode).toBe('credentials-refused')
    changeRegistry({ registryId: id, credentials: right }, deps, by)
    expect(await codeOf(stored)).toBeNull()
    expect(getRegistry(deps.db, id)).toMatchObject({ connectionCode: null, connectionError: null })
    await expect(
      testConnection({ ...stored, address: open.url, allowPlainHttp: true }, deps),
    ).rejects.toThrow('and stays it')
    expect(open.log()).not.toContain('authorization')
  })
})

describe('changing', () => {
  test('leaves what is not given, and the next who asks asks with what is', async () => {
    const id = await connectGuarded({ repositories: ['team/app'], untested: true })
    changeRegistry({ registryId: id, name: 'Other', resourceGroup: '' }, deps, by)
    expect(getRegistry(deps.db, id)).toMatchObject({
      name: 'Other',
      resourceGroup: null,
      credentialKind: 'password',
      repositoriesWatched: ['team/app'],
    })
    await deps.sources.client(id).ping(signal())
    changeRegistry({ registryId: id, credentials: wrong, repositories: [] }, deps, by)
    await expect(deps.sources.client(id).ping(signal())).rejects.toMatchObject({
      code: 'unauthorized',
      hint: expect.stringContaining(`plimsoll registries change ${id} --credentials FILE`),
    })
    changeRegistry({ registryId: id, credentials: { kind: 'none' } }, deps, by)
    expect(row(id)).toMatchObject({ credentials: null, credential_kind: 'none', repositories: null })
    expect(deps.changed).toEqual([id, id, id, id])
    changeRegistry({ registryId: id, credentials: { kind: 'token', token: 'no-token' } }, deps, by)
    await expect(deps.sources.client(id).ping(signal())).rejects.toThrow('does not accept the token.')
    changeRegistry({ registryId: id, certificateAuthority: '' }, deps, by)
    await expect(deps.sources.client(id).ping(signal())).rejects.toMatchObject({
      hint: expect.stringContaining(`plimsoll registries change ${id} --certificate-authority FILE`),
    })
    for (const secret of [password, wrong.password]) expect(deps.logged()).not.toContain(secret)
  })

  test('what is stored goes no other way than it was given for', async () => {
    const id = await connectGuarded()
    const again = 'the credentials have to be given again'
    const authority = (await makeCertificate()).cert
    for (const way of [{ proxy: proxy.url }, { certificateAuthority: authority }]) {
      expect(() => changeRegistry({ registryId: id, ...way }, deps, by)).toThrow(again)
      const tested = { registryId: id, address: guarded.url, allowPlainHttp: false, ...way }
      await expect(testConnection(tested, deps)).rejects.toThrow(again)
    }
    changeRegistry({ registryId: id, proxy: proxy.url, credentials: right }, deps, by)
    // The one that is there already, and none at all, are no other.
    changeRegistry({ registryId: id, proxy: proxy.url, certificateAuthority: certificate.cert }, deps, by)
    changeRegistry({ registryId: id, proxy: null }, deps, by)
    expect(getRegistry(deps.db, id).proxy).toBeNull()
    await deps.sources.client(id).ping(signal())
  })

  test('what is not there is said', async () => {
    expect(() => changeRegistry({ registryId: 'none', name: 'x' }, deps, by)).toThrow(
      'There is no registry none.',
    )
    const id = await connectGuarded()
    expect(() => changeRegistry({ registryId: id, name: 'x', subscriptionId: 'none' }, deps, by)).toThrow(
      'There is no subscription none.',
    )
    // All of it or nothing.
    expect(getRegistry(deps.db, id).name).toBe(guarded.host)
    const other = await connect({ address: open.url, allowPlainHttp: true, name: 'Open' })
    expect(() => changeRegistry({ registryId: id, name: 'Open' }, deps, by)).toThrow(
      `Another registry is called Open: ${other}.`,
    )
    changeRegistry({ registryId: other, name: 'Open' }, deps, by)
  })
})
