import { expect, it } from 'vitest'
import { registryClient } from './client.ts'
import { defaultTimeouts, exchange, openConnections } from './exchange.ts'
import { AddressRefused, guardedLookup, refuseForbidden } from './guarded-lookup.ts'
import { redirects, startFaultyRegistryDouble, status } from './testdata/faulty-registry-double.ts'

const { signal } = new AbortController()

const failureOf = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => null,
    (failure: unknown) => failure,
  )

it('a name that leads to a refused address is not connected to', async () => {
  const lookUp = (hostname: string) =>
    new Promise((resolve, reject) => {
      const guarded = guardedLookup(refuseForbidden)
      guarded(hostname, { all: true }, (error, found) => (error ? reject(error) : resolve(found)))
    })
  // An address needs no resolver, so this is the same everywhere.
  expect(await failureOf(lookUp('169.254.169.254'))).toBeInstanceOf(AddressRefused)
  expect(await failureOf(lookUp('::ffff:169.254.169.254'))).toBeInstanceOf(AddressRefused)
  expect(await lookUp('127.0.0.1')).toEqual([{ address: '127.0.0.1', family: 4 }])
})

it('the lookup is the one of every connection, whatever was found out before', async () => {
  const connections = openConnections(defaultTimeouts)
  const lookup = guardedLookup((_, host) => new AddressRefused(host))
  const url = new URL('http://localhost:1/')
  const failure = await failureOf(exchange({ method: 'GET', url, headers: {}, lookup }, connections, signal))
  expect(failure).toBeInstanceOf(AddressRefused)
})

it('neither a redirect nor a token server leads to a refused address, even of a registry on this machine', async () => {
  const registry = await startFaultyRegistryDouble()
  try {
    const secrets = 'http://169.254.169.254/latest/meta-data/'
    const pull = () => failureOf(registryClient({ url: registry.url }).manifest('team/app', '1.0', signal))
    registry.answer('/v2/team/app/manifests/1.0', redirects(secrets))
    expect(await pull()).toBeInstanceOf(AddressRefused)
    const challenge = `Bearer realm="${secrets}",service="x"`
    registry.answer('/v2/team/app/manifests/1.0', status(401, { 'www-authenticate': challenge }))
    expect(await pull()).toBeInstanceOf(AddressRefused)
  } finally {
    await registry.stop()
  }
})
