import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { makeCertificate } from '../../../packages/engine/registry/testdata/certificate.ts'
import {
  cleanUp,
  runToEnd,
  type ServerProcess,
  startProcess,
  temporaryFolder,
  testAdmin,
  until,
} from '../testdata/server-process.ts'

afterAll(cleanUp)

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly fingerprint: string
}

const portOf = ({ url }: ServerProcess): number => Number(new URL(url).port)

async function ask(
  { port, ca, host }: { port: number; ca: string; host: string },
  path: string,
  json?: unknown,
): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const headers = { host, origin: `https://${host}`, 'content-type': 'application/json' }
    const method = json === undefined ? 'GET' : 'POST'
    // Sent to this machine under the public name; the certificate is for localhost.
    const to = { host: '127.0.0.1', port, ca, servername: 'localhost', agent: false, path, method, headers }
    const sent = request(to, response => {
      const { fingerprint256 } = (response.socket as TLSSocket).getPeerCertificate()
      response.resume().on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, fingerprint: fingerprint256 })
      })
    })
    sent.on('error', reject)
    sent.end(json === undefined ? undefined : JSON.stringify(json))
  })
}

test('a server listens to others with TLS once it has an account, and takes a renewed certificate', async () => {
  const dataDir = await temporaryFolder()
  const files = { cert: join(dataDir, 'cert.pem'), key: join(dataDir, 'key.pem') }
  const write = async ({ cert, key }: { cert: string; key: string }) => {
    await writeFile(files.cert, cert)
    await writeFile(files.key, key)
  }
  const first = await makeCertificate()
  await write(first)
  const tls = ['--empty', '--tls-cert', files.cert, '--tls-key', files.key]
  const publicly = ['--host', '0.0.0.0', '--public-url', 'https://plimsoll.example']

  // Nobody has an account yet: whoever came first could make one.
  const refused = await runToEnd(['--data', dataDir, '--port', '0', ...tls, ...publicly])
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('as long as there is no account'),
  })

  const here = await startProcess({ dataDir, flags: tls })
  expect(here.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const local = { port: portOf(here), ca: first.cert, host: `localhost:${portOf(here)}` }
  const token = /invitation=(\S+)/.exec(here.output())?.[1]
  const made = await ask(local, '/api/trpc/session.acceptInvitation', { ...testAdmin, token })
  expect(made.status).toBe(200)
  expect(made.headers['set-cookie']?.[0]).toMatch(/^__Secure-plimsoll\.session_token=.*; Secure/)
  // Every server on this machine goes by that name.
  expect(made.headers['strict-transport-security']).toBeUndefined()
  await here.stop()

  const server = await startProcess({ dataDir, flags: [...tls, ...publicly] })
  expect(server.output()).toContain('reach it at https://plimsoll.example')
  const there = { port: portOf(server), ca: first.cert, host: 'plimsoll.example' }
  const answer = await ask(there, '/healthz')
  expect(answer).toMatchObject({ status: 200, headers: { 'strict-transport-security': 'max-age=31536000' } })
  expect((await ask({ ...there, host: 'evil.example' }, '/healthz')).status).toBe(421)
  await expect(oldTls(there)).rejects.toThrow(/protocol|alert|EPROTO/i)
  await expect(fetch(`http://127.0.0.1:${there.port}/healthz`)).rejects.toThrow('fetch failed')

  const log = async () => await readFile(join(dataDir, 'plimsoll.log'), 'utf8')
  const pid = Number(/"pid":(\d+),"msg":"listening"}\n(?!.*"pid")/s.exec(await log())?.[1])
  const second = await makeCertificate()
  await writeFile(files.cert, 'half a certificate')
  process.kill(pid, 'SIGHUP')
  await until('it says so', async () => (await log()).includes('the old one stays'))
  expect((await ask(there, '/healthz')).fingerprint).toBe(answer.fingerprint)
  await write(second)
  process.kill(pid, 'SIGHUP')
  await until('it is read', async () => (await log()).includes('the certificate was read anew'))
  const renewed = await ask({ ...there, ca: second.cert }, '/healthz')
  expect(renewed.status).toBe(200)
  expect(renewed.fingerprint).not.toBe(answer.fingerprint)
  expect((await server.stop()).code).toBe(0)
})

test('a certificate that cannot be used ends the start', async () => {
  const dataDir = await temporaryFolder()
  const start = (...flags: string[]) => runToEnd(['--data', dataDir, '--port', '0', '--empty', ...flags])
  expect(await start('--tls-cert', '/nowhere/cert.pem', '--tls-key', '/nowhere/key.pem')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The certificate cannot be used: ENOENT.*\n$/),
  })
})

const oldTls = async ({ port, ca }: { port: number; ca: string }): Promise<void> =>
  await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, ca, servername: 'localhost' } as const
    const socket = connect({ ...options, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }, () => resolve())
    socket.on('error', reject)
  })
