import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ecrPassword } from './ecr.ts'
import { type EcrDouble, startEcrDouble } from './testdata/ecr-double.ts'

const access = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'the/secret+of=it' }
const signal = AbortSignal.timeout(20_000)
const expiresAtMs = Date.UTC(2030, 0, 1)
let double: EcrDouble

beforeAll(async () => {
  double = await startEcrDouble({ ...access, password: 'twelve:hours', expiresAtMs })
})
afterAll(async () => await double.stop())

test('an access key is exchanged for a password, which may hold a colon', async () => {
  const password = await ecrPassword({ ...access, region: 'eu-central-1', endpoint: double.url }, signal)
  expect(password).toEqual({ username: 'AWS', password: 'twelve:hours', expiresAtMs })
})

test.each([
  ['another key', { ...access, accessKeyId: 'AKIAOTHER' }],
  ['another secret', { ...access, secretAccessKey: 'wrong' }],
])('%s is refused, and told of without the secret', async (_, wrong) => {
  const refused = await ecrPassword({ ...wrong, region: 'eu-central-1', endpoint: double.url }, signal).catch(
    (error: unknown) => error,
  )
  expect(refused).toMatchObject({
    code: 'unauthorized',
    message: expect.stringContaining('refuses this access key'),
  })
  expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain(wrong.secretAccessKey)
})

test('that nothing answers is said as what it is', async () => {
  const gone = await startEcrDouble({ ...access, password: 'x' })
  await gone.stop()
  await expect(
    ecrPassword({ ...access, region: 'eu-central-1', endpoint: gone.url }, signal),
  ).rejects.toMatchObject({ code: 'registry-unreachable' })
})

test('a proxy is asked, unless it is where nothing is asked', async () => {
  const asked: string[] = []
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(502).end()
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const through = async (address: string) =>
    await ecrPassword({ ...access, region: 'eu-central-1', endpoint: double.url, proxy: address }, signal)
  const before = double.given()
  const { port } = proxy.address() as AddressInfo
  await expect(through(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'registry-unreachable' })
  expect(new Set(asked)).toEqual(new Set([`${double.url}/`]))
  for (const address of [
    'http://169.254.169.254',
    'http://[::ffff:169.254.169.254]:3128',
    'http://0.0.0.0',
  ]) {
    await expect(through(address)).rejects.toThrow('where no registry is')
  }
  await expect(through('http://proxy.invalid:3128')).rejects.toThrow('is not known by its name')
  expect(double.given()).toBe(before)
  proxy.closeAllConnections()
  proxy.close()
})
