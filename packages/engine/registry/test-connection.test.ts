import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectionTestOptions, testConnection } from './test-connection.ts'
import { makeExpiredCertificate } from './testdata/certificate.ts'
import { type DockerRegistry, startDockerRegistry, testCredentials } from './testdata/docker-registry.ts'

const openServers = new Set<Server>()
let folder: string
let open: DockerRegistry
let closed: DockerRegistry

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-test-connection-'))
  ;[open, closed] = await Promise.all([
    startDockerRegistry(),
    startDockerRegistry({ htpasswd: testCredentials.htpasswd }),
  ])
})

afterAll(async () => {
  for (const server of openServers) server.close()
  await Promise.all([open.stop(), closed.stop()])
  await rm(folder, { recursive: true, force: true })
})

async function listening(server: Server): Promise<number> {
  openServers.add(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const answering = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listening(createHttp(listener))}`

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

const tryIt = (url: string, options: Partial<ConnectionTestOptions> = {}) =>
  testConnection(
    { url, credentials: null, timeouts: { connectMs: 2000, headersMs: 400 }, ...options },
    new AbortController().signal,
  )

const outcomes = (test: Awaited<ReturnType<typeof testConnection>>): string =>
  test.steps.map(({ step, outcome }) => `${step} ${outcome}`).join(', ')

async function certificate(subject: string, names: string) {
  const [key, cert] = [join(folder, `${subject}.key`), join(folder, `${subject}.pem`)]
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ...['-subj', `/CN=${subject}`, '-addext', `subjectAltName=${names}`, '-keyout', key, '-out', cert],
    ...['-days', '2'],
  ])
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
}

async function overTls(made: { key: string; cert: string }): Promise<string> {
  return `https://127.0.0.1:${await listening(createHttps(made, json(200, {})))}`
}

describe('a connection that works', () => {
  it('to a real registry is said to, step by step', async () => {
    const test = await tryIt(open.url)
    expect(test).toMatchObject({ ok: true, kind: 'distribution', problem: null, repositories: [] })
    expect(outcomes(test)).toBe(
      'address ok, name ok, connect ok, tls skipped, api ok, sign-in ok, catalogue ok, last-pull ok',
    )
  })

  it('with the right password', async () => {
    const { username, password } = testCredentials
    const taken = await tryIt(closed.url, { credentials: { username, password } })
    expect(taken).toMatchObject({ ok: true })
    const said = (test: Awaited<ReturnType<typeof tryIt>>) =>
      test.steps.find(({ step }) => step === 'sign-in')?.message
    expect(said(taken)).toBe('The credentials are taken.')
    // One that lets anybody in says nothing of them.
    const unasked = await tryIt(open.url, { credentials: { username, password: 'made up' } })
    expect(said(unasked)).toBe('It lets anybody in, so it did not ask for the credentials.')
  })

  it('to a certificate of an authority of its own, when that is given', async () => {
    const made = await certificate('own', 'IP:127.0.0.1')
    const test = await tryIt(await overTls(made), { certificateAuthority: made.cert })
    expect(outcomes(test)).toContain('tls ok, api ok')
  })

  it('to Harbor, which names itself when it asks for a token', async () => {
    const url = await answering((request, response) => {
      const { host } = request.headers
      const challenge = `Bearer realm="http://${host}/service/token",service="harbor-registry"`
      if (request.url?.startsWith('/service/token')) json(200, { token: 'abc' })(request, response)
      else if (request.headers.authorization === undefined) {
        json(401, {}, { 'www-authenticate': challenge })(request, response)
      } else json(200, { repositories: ['library/debian'] })(request, response)
    })
    expect(await tryIt(url)).toMatchObject({ ok: true, kind: 'harbor', repositories: ['library/debian'] })
  })

  it('without a catalogue, when repositories are named, or else with a warning', async () => {
    const url = await answering((request, response) => {
      if (request.url === '/v2/') json(200, {})(request, response)
      else if (request.url?.startsWith('/v2/team/api/tags')) json(200, { tags: ['1.0'] })(request, response)
      else json(404, { errors: [{ code: 'NAME_UNKNOWN' }] })(request, response)
    })
    const without = await tryIt(url)
    expect(without).toMatchObject({ ok: true, repositories: null, problem: { code: 'no-catalogue' } })
    expect(outcomes(without)).toContain('catalogue warning')
    expect(await tryIt(url, { repositories: ['team/api'] })).toMatchObject({ ok: true, problem: null })
    expect(await tryIt(url, { repositories: ['team/gone'] })).toMatchObject({ ok: false })
  })
})

describe('what is in the way', () => {
  const problem = async (url: string, options: Partial<ConnectionTestOptions> = {}) => {
    const { ok, problem: found } = await tryIt(url, options)
    expect(ok).toBe(false)
    return found?.code
  }

  it.each([
    'http://169.254.169.254',
    'http://[::ffff:169.254.169.254]',
    'http://2852039166', // the same, as one number
    'http://0.0.0.0:5000',
    'https://[fe80::1]',
    'https://[fd00:ec2::254]',
    'https://224.0.0.1',
    'https://255.255.255.255',
  ])('%s is no address of a registry', async url => {
    expect(await problem(url)).toBe('address-refused')
  })

  it('is that it is ourselves', async () => {
    const refusedOrigins = [open.url]
    expect(await problem(open.url, { refusedOrigins })).toBe('address-refused')
    // Under another name, and over another protocol.
    for (const host of ['localhost', '127.0.0.2', '[::ffff:127.0.0.1]', '2130706433']) {
      const url = `https://${host}:${open.port}`
      expect(await problem(url, { refusedOrigins }), host).toBe('address-refused')
    }
  })

  it('is a name that nobody knows', async () => {
    expect(await problem('https://registry.plimsoll.invalid')).toBe('name-not-found')
  })

  it('is a port where nothing listens', async () => {
    const server = createTcp()
    const port = await listening(server)
    await new Promise(resolve => server.close(resolve))
    expect(await problem(`http://127.0.0.1:${port}`)).toBe('connection-refused')
  })

  it('is something that takes the connection and never answers', async () => {
    const port = await listening(createTcp(() => undefined))
    expect(await problem(`http://127.0.0.1:${port}`)).toBe('timeout')
    expect(await problem(`https://127.0.0.1:${port}`, { timeouts: { connectMs: 300 } })).toBe('timeout')
  })

  it('is a certificate that is not trusted, has expired, or is for another name', async () => {
    const untrusted = await certificate('untrusted', 'IP:127.0.0.1')
    expect(await problem(await overTls(untrusted))).toBe('certificate-untrusted')
    const old = await makeExpiredCertificate()
    expect(await problem(await overTls(old), { certificateAuthority: old.cert })).toBe('certificate-expired')
    const other = await certificate('other', 'DNS:other.example')
    expect(await problem(await overTls(other), { certificateAuthority: other.cert })).toBe(
      'certificate-wrong-host',
    )
  })

  it('is the wrong one of http and https', async () => {
    expect(await problem(open.url.replace('http:', 'https:'))).toBe('tls-failed')
    const made = await certificate('tls', 'IP:127.0.0.1')
    const url = await overTls(made)
    expect(await problem(url.replace('https:', 'http:'))).toBe('tls-failed')
  })

  it('is that it is no registry', async () => {
    expect(await problem(await answering(json(404, {})))).toBe('not-a-registry')
    expect(await problem(await answering(json(403, {})))).toBe('not-a-registry')
    const page = await answering((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>')
    })
    expect(await problem(page)).toBe('not-a-registry')
  })

  it('is that it asks for credentials, or refuses those given', async () => {
    expect(await problem(closed.url)).toBe('credentials-missing')
    const credentials = { username: testCredentials.username, password: 'a guess at it' }
    const test = await tryIt(closed.url, { credentials })
    expect(test.problem?.code).toBe('credentials-refused')
    expect(JSON.stringify(test)).not.toContain(credentials.password)
  })

  it('is a firewall of the registry that denies our address, or too many requests', async () => {
    const message = "client with IP '203.0.113.7' is not allowed access."
    const denied = json(403, { errors: [{ code: 'DENIED', message }] })
    const test = await tryIt(await answering(denied))
    expect(test.problem?.code).toBe('firewalled')
    expect(JSON.stringify(test)).not.toContain('203.0.113.7')
    expect(await problem(await answering(json(429, {})))).toBe('rate-limited')
    expect(await problem(await answering(json(500, {})))).toBe('registry-error')
  })

  it('is a proxy that does not take connections', async () => {
    expect(await problem(open.url, { proxy: 'http://127.0.0.1:9' })).toBe('proxy-failed')
  })
})
