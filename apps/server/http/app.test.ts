import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../testdata/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(async () => {
  await app.stop()
})

/** A request with headers that `fetch` does not let one set. */
async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  content = '',
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  return await new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: app.port, method, path, headers }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', text => (body += text))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
    })
    sent.on('error', reject)
    sent.end(content)
  })
}

describe('who is answered', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('%s is this server', async host => {
    expect((await send('GET', '/healthz', { host: `${host}:${app.port}` })).status).toBe(200)
  })

  test.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example', '10.0.0.1'])(
    'another name that leads here, such as %s, is not',
    async host => {
      for (const path of ['/', '/healthz', '/api/trpc/session.get', '/webhooks/distribution']) {
        expect((await send('GET', path, { host })).status).toBe(421)
      }
    },
  )

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://localhost:1' },
  ])('a page elsewhere is refused: %o', async headers => {
    expect((await send('POST', '/api/trpc/session.signOut', headers)).status).toBe(403)
    expect((await send('POST', '/api/auth/sign-in/email', headers)).status).toBe(403)
    expect((await send('GET', '/api/trpc/session.get', headers)).status).toBe(403)
  })

  test('its own page is not', async () => {
    const own = { origin: app.url, 'sec-fetch-site': 'same-origin' }
    expect((await send('GET', '/api/trpc/session.get', own)).status).toBe(200)
  })
})

test('what is not there is said in plain words', async () => {
  for (const path of ['/healthz', '/findings', '/webhooks/elsewhere']) {
    const { status, body, headers } = await send('POST', path)
    expect([status, headers['content-type'], body]).toEqual([
      404,
      'text/plain; charset=utf-8',
      'There is nothing here.\n',
    ])
  }
})

describe('the portal', () => {
  test.each(['/', '/index.html', '/registries/samples/repositories/team/api', '/findings?q=a'])(
    '%s is a page of it',
    async path => {
      const { status, body, headers } = await send('GET', path)
      const nonce = /nonce="([^"]+)"/.exec(body)?.[1]
      expect(status).toBe(200)
      expect(headers['content-security-policy']).toContain(`script-src 'self' 'nonce-${nonce}'`)
      expect(headers['cache-control']).toBe('no-store')
    },
  )

  test('has another nonce in every answer', async () => {
    const nonces = new Set<string | undefined>()
    for (let times = 0; times < 5; times++) {
      nonces.add(/nonce="([^"]+)"/.exec((await send('GET', '/')).body)?.[1])
    }
    expect(nonces.size).toBe(5)
  })

  test('keeps built files for ever, and what is not there is not a page', async () => {
    const built = await send('GET', '/assets/index-abc.js')
    expect([built.status, built.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
    expect((await send('GET', '/assets/index-old.js')).status).toBe(404)
    expect((await send('GET', '/color-scheme.js')).headers['cache-control']).toBe('public, max-age=0')
  })

  test('is the one that was built last', async () => {
    const file = join(app.portalDir, 'index.html')
    const built = await readFile(file, 'utf8')
    await send('GET', '/')
    await writeFile(file, built.replace('index-abc', 'index-def'))
    expect((await send('GET', '/')).body).toContain('index-def')
    await writeFile(file, built)
  })

  test('gives nothing from outside its folder', async () => {
    for (const path of [
      '/../package.json',
      '/assets/../../package.json',
      '/assets/%2e%2e/%2e%2e/package.json',
    ]) {
      expect((await send('GET', path)).body).not.toContain('dependencies')
    }
  })
})

test('every answer forbids framing, sniffing and foreign content', async () => {
  for (const path of ['/', '/healthz', '/api/trpc/session.get', '/api/none']) {
    const { headers } = await send('GET', path)
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers['x-powered-by']).toBeUndefined()
  }
})

test.each([
  ['more than anybody’s password', 'application/json', `{"email":"${'a'.repeat(20_000)}"}`, 413],
  ['the same as a form', 'application/x-www-form-urlencoded', `email=${'a'.repeat(20_000)}`, 413],
  ['no JSON', 'application/json', '{"email":', 400],
])('%s is not read by the sign-in library', async (_, type, content, status) => {
  const headers = { 'content-type': type, origin: app.url }
  expect((await send('POST', '/api/auth/sign-in/email', headers, content)).status).toBe(status)
  expect((await send('POST', '/api/auth/change-password', headers, content)).status).toBe(status)
})

test('the API answers what it does not have, and is not cached', async () => {
  const { status, body, headers } = await send('GET', '/api/none')
  expect([status, JSON.parse(body)]).toEqual([404, { error: 'There is nothing here.' }])
  expect(headers['cache-control']).toBe('no-store')
  expect((await send('GET', '/api/trpc/none')).status).toBe(404)
})

test('a database that does not answer makes the server unwell', async () => {
  const broken = await startApp()
  broken.db.$client.exec('drop table scan')
  const response = await fetch(`${broken.url}/healthz`)
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: 'unavailable', version: '0.0.0-test', reason: 'The database does not answer.' },
  ])
  await broken.stop()
})
