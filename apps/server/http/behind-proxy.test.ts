import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inviteFirstAdmin } from '../access/invitations.ts'
import { registerDemonstration } from '../intake/demonstration.ts'
import { startApp, type TestApp } from '../testdata/app.ts'
import { testAdmin } from '../testdata/server-process.ts'

/** The one that trusts 127.0.0.1, where the tests' requests come from, and the one that trusts somebody else. */
let trusting: TestApp
let other: TestApp
const publicUrl = 'https://plimsoll.example'

beforeAll(async () => {
  trusting = await startApp({ network: { trustedProxies: ['127.0.0.1'], publicUrl } })
  other = await startApp({ network: { trustedProxies: ['10.0.0.1'], publicUrl } })
})
afterAll(async () => await Promise.all([trusting, other].map(app => app.stop())))

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

async function ask(
  app: TestApp,
  path: string,
  headers: Record<string, string>,
  json?: unknown,
): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const method = json === undefined ? 'GET' : 'POST'
    const type = json === undefined ? {} : { 'content-type': 'application/json' }
    const options = { host: '127.0.0.1', port: app.port, path, method, headers: { ...type, ...headers } }
    const sent = request(options, response => {
      let body = ''
      response.setEncoding('utf8').on('data', text => (body += text))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.on('error', reject)
    sent.end(json === undefined ? undefined : JSON.stringify(json))
  })
}

const host = 'plimsoll.example'
const forwarded = { host, 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
const failedSignIn = { email: 'nobody@example.org', password: 'not the password' }
const signIn = (app: TestApp, headers: Record<string, string>, who: object = failedSignIn) =>
  ask(app, '/api/auth/sign-in/email', { origin: publicUrl, ...headers }, who)
const peers = (app: TestApp) => [...app.log().matchAll(/"peer":"([^"]+)"/g)].map(([, peer]) => peer)

test('the public name is known, as Host or by the word of the proxy, and no other', async () => {
  expect((await ask(trusting, '/healthz', { host })).status).toBe(200)
  expect((await ask(trusting, '/healthz', { host: 'inside:8080', 'x-forwarded-host': host })).status).toBe(
    200,
  )
  expect((await ask(trusting, '/healthz', { host, 'x-forwarded-host': 'evil.example' })).status).toBe(421)
  expect((await ask(trusting, '/healthz', { host: 'evil.example' })).status).toBe(421)
  expect((await ask(other, '/healthz', { host: 'inside:8080', 'x-forwarded-host': host })).status).toBe(421)
  expect((await ask(other, '/healthz', { host, 'x-forwarded-host': 'evil.example' })).status).toBe(200)
})

test('whom the proxy speaks for is believed of it alone', async () => {
  await signIn(trusting, forwarded)
  await signIn(trusting, { ...forwarded, 'x-forwarded-for': '198.51.100.1, 203.0.113.10' })
  await signIn(other, forwarded)
  // What the client wrote itself stands before what the proxy added.
  expect(peers(trusting)).toEqual(['203.0.113.9', '203.0.113.10'])
  expect(peers(other)).toEqual(['127.0.0.1'])
})

test('a client does not escape the limit of tries with addresses that it makes up', async () => {
  // Without a password to check each is refused sooner, and counts all the same.
  const tries = async (app: TestApp, forwardedFor: (number: number) => string) => {
    const statuses: number[] = []
    for (let number = 0; number < 12; number++) {
      const headers = { host, 'x-forwarded-for': forwardedFor(number) }
      statuses.push((await signIn(app, headers, {})).status)
    }
    return statuses.includes(429)
  }
  expect(await tries(other, number => `203.0.113.${number}`)).toBe(true)
  expect(await tries(trusting, number => `198.51.100.${number}, 203.0.113.77`)).toBe(true)
  // Others are not locked out with it.
  expect((await signIn(trusting, { host, 'x-forwarded-for': '203.0.113.78' })).status).toBe(401)
})

test('the demonstration is viewed from this machine alone, never through the proxy', async () => {
  registerDemonstration(trusting.db, '2024-03-01T00:00:00.000Z')
  const offered = async (headers: Record<string, string>): Promise<boolean> => {
    const { body } = await ask(trusting, '/api/trpc/session.get', headers)
    return (JSON.parse(body) as { result: { data: { viewAs: boolean } } }).result.data.viewAs
  }
  expect(await offered(forwarded)).toBe(false)
  expect(await offered({ ...forwarded, 'x-forwarded-for': '127.0.0.1' })).toBe(false)
  // A proxy that says nothing of whom it speaks for.
  expect(await offered({ host })).toBe(false)
})

test('cookies and the browser’s next visits are for https, and links name the public address', async () => {
  const { link } = inviteFirstAdmin(trusting.db, publicUrl)
  const token = new URL(link).searchParams.get('invitation')
  const made = await ask(
    trusting,
    '/api/trpc/session.acceptInvitation',
    { ...forwarded, origin: publicUrl },
    { ...testAdmin, token },
  )
  expect(made.status).toBe(200)
  expect(made.headers['strict-transport-security']).toBe('max-age=31536000')
  const [session] = made.headers['set-cookie'] ?? []
  expect(session).toMatch(/^__Secure-plimsoll\.session_token=.*; Secure/)
  expect(session).toContain('HttpOnly')
  expect(session).toContain('SameSite=Strict')
  const cookie = session?.split(';')[0] ?? ''
  const invited = await ask(
    trusting,
    '/api/trpc/users.invite',
    { ...forwarded, origin: publicUrl, cookie },
    { role: 'Security Reader' },
  )
  expect(invited.body).toContain('https://plimsoll.example/sign-in?invitation=')
})

test('events of registries come in by the public name', async () => {
  expect((await ask(trusting, '/webhooks/distribution', forwarded, {})).status).toBe(401)
})
