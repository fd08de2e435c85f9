import { rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import pino from 'pino'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeCertificate } from '../../../packages/engine/registry/testdata/certificate.ts'
import { cleanUp, temporaryFolder } from '../testdata/server-process.ts'
import { listen, renewCertificate, serverFor } from './listener.ts'

/** Files of a certificate that change under a server; half a minute passes when the test says so. */

const half = 'half a certificate'
let files: { certificate: string; key: string }
let end: () => Promise<void>
let port: number
let logged: string[]

const write = async ({ cert, key }: { cert: string; key: string }): Promise<void> => {
  await writeFile(files.certificate, cert)
  await writeFile(files.key, key)
}

beforeEach(async () => {
  const folder = await temporaryFolder()
  files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  await write(await makeCertificate())
  const network = { host: '127.0.0.1', tls: files, trustedProxies: [], publicUrl: null }
  const server = serverFor(network)
  logged = []
  const log = pino({ level: 'info' }, { write: line => void logged.push(line) })
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const stopRenewing = renewCertificate(server, network, log)
  await listen(server, network.host, 0)
  ;({ port } = server.address() as AddressInfo)
  end = async () => {
    stopRenewing()
    await new Promise(resolve => server.close(resolve))
  }
})
afterEach(async () => {
  vi.useRealTimers()
  await end()
})
afterAll(cleanUp)

/** The certificate that whoever connects now is shown. */
const shown = async (): Promise<string> =>
  await new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false }
    const socket = connect(to, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.on('error', reject)
  })
const passHalfMinute = (): void => void vi.advanceTimersByTime(30_000)

test('a renewed certificate is taken within half a minute, and read once', async () => {
  const first = await shown()
  passHalfMinute()
  expect(logged).toEqual([])
  await write(await makeCertificate())
  expect(await shown()).toBe(first)
  passHalfMinute()
  const second = await shown()
  expect(second).not.toBe(first)
  expect(logged).toEqual([expect.stringContaining('the certificate was read anew')])
  passHalfMinute()
  expect(logged).toHaveLength(1)
})

test('one that is broken, is half renewed or is gone leaves the old one, and the log says so once', async () => {
  const first = await shown()
  const next = await makeCertificate()
  const changes = [
    () => writeFile(files.certificate, half),
    // Of the two files the certificate comes first: it does not go with the old key.
    () => writeFile(files.certificate, next.cert),
    () => rm(files.key),
  ]
  for (const [number, change] of changes.entries()) {
    await change()
    passHalfMinute()
    passHalfMinute()
    expect(await shown()).toBe(first)
    expect(logged).toHaveLength(number + 1)
    expect(logged.at(-1)).toMatch(/"level":50.*the old one stays/)
  }
  expect(logged.join('')).not.toContain('PRIVATE KEY')
  await writeFile(files.key, next.key)
  passHalfMinute()
  expect(await shown()).not.toBe(first)
})
