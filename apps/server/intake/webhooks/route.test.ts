import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import { createRemoteJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepared } from '../../db/statements.ts'
import { getRegistry } from '../../posture/registries.ts'
import { webhookSecretOf } from '../../registries/webhook-secret.ts'
import { startApp, type TestApp } from '../../testdata/app.ts'
import { ensureRegistry, ensureSubscription } from '../places.ts'
import { webhooks } from './route.ts'
import { webhookSetup } from './setup.ts'

/** Who may tell us anything, over real HTTP. */

const serviceAccount = 'events@acme.iam.gserviceaccount.com'
const registries = [
  ['acr', 'acr'],
  ['harbor', 'harbor'],
  ['docker-hub', 'docker-hub'],
  ['ghcr', 'github-packages'],
  ['ecr', 'ecr'],
  ['artifact-registry', 'artifact-registry'],
] as const

let app: TestApp
let google: Awaited<ReturnType<typeof startGoogleDouble>>
beforeAll(async () => {
  google = await startGoogleDouble()
  app = await startApp({ googleKeys: createRemoteJWKSet(new URL(google.url)) })
  const at = new Date().toISOString()
  ensureSubscription(app.db, { id: 'main', name: 'Main' }, at)
  for (const [kind] of registries) {
    ensureRegistry(
      app.db,
      { id: kind, subscriptionId: 'main', name: kind, kind: 'distribution', url: null },
      at,
    )
    prepared(app.db, 'update registry set kind = ? where id = ?').run(kind, kind)
  }
})
afterAll(async () => {
  await app.stop()
  await google.stop()
})

const file = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'testdata', `${name}.json`), 'utf8')
const secretOf = (id: string): string => webhookSecretOf(app.db, app.secrets, id)

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${app.url}/webhooks/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return { status: response.status, body: (await response.json()) as { taken?: number; error?: string } }
}

const taken = { status: 200, body: { taken: 1 } }
const heard = { status: 200, body: { taken: 0 } }
const unproved = { status: 401, body: { error: expect.stringMatching(/^The secret is wrong or missing/) } }

describe.each([
  ['acr/acr', 'acr-push', 'acr'],
  ['harbor/harbor', 'harbor-push', 'harbor'],
  ['ecr/ecr', 'ecr-push', 'ecr'],
] as const)('%s proves itself by a header', (path, name, id) => {
  test('behind Bearer, bare, or as x-api-key', async () => {
    const secret = secretOf(id)
    expect(await post(path, file(name), { authorization: `Bearer ${secret}` })).toEqual(taken)
    expect(await post(path, file(name), { authorization: secret })).toEqual(taken)
    expect(await post(path, file(name), { 'x-api-key': secret })).toEqual(taken)
  })

  test('and by nothing else', async () => {
    const other = registries.map(([kind]) => secretOf(kind)).find(secret => secret !== secretOf(id)) ?? ''
    for (const authorization of ['', 'Bearer', `Bearer ${other}`, `Bearer ${secretOf(id)}x`]) {
      expect(await post(path, file(name), { authorization })).toEqual(unproved)
    }
    expect(await post(`${path}?token=${secretOf(id)}`, file(name))).toEqual(unproved)
    expect(await post(path, file(name))).toEqual(unproved)
    const unknown = path.replace(/\/.*/, '/nobody')
    expect(await post(unknown, file(name), { authorization: secretOf(id) })).toEqual(unproved)
  })
})

test('Docker Hub proves itself by its address, which is never logged', async () => {
  const secret = secretOf('docker-hub')
  expect(await post(`docker-hub/docker-hub?token=${secret}`, file('docker-hub-push'))).toEqual(taken)
  expect(await post('docker-hub/docker-hub', file('docker-hub-push'), { authorization: secret })).toEqual(
    unproved,
  )
  expect(await post(`docker-hub/docker-hub?token=${secret}`, '{"push_data":')).toMatchObject({ status: 400 })
  expect(app.log()).not.toContain(secret)
})

test('GitHub signs what it sends, byte for byte', async () => {
  const signed = async (body: string, of = body, event = 'registry_package') =>
    await post('github-packages/ghcr', body, {
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secretOf('ghcr')).update(of).digest('hex')}`,
    })
  const body = file('github-registry-package')
  expect(await signed(body)).toEqual(taken)
  expect(await signed(`${body} `, body)).toEqual(unproved)
  expect(await signed(file('github-ping'), undefined, 'ping')).toEqual(heard)
  expect(await post('github-packages/ghcr', body, { 'x-github-event': 'registry_package' })).toEqual(unproved)
  expect(await post('github-packages/ghcr', body, { authorization: secretOf('ghcr') })).toEqual(unproved)
  // What proves nobody is not read to any length.
  expect(await signed(' '.repeat(1024 * 1024 + 1))).toMatchObject({ status: 413 })
})

describe('Google Artifact Registry', () => {
  const message = (): string =>
    JSON.stringify({
      message: {
        data: Buffer.from(file('artifact-registry-insert')).toString('base64'),
        messageId: '1',
        publishTime: '2026-03-04T08:15:30Z',
      },
    })
  const path = 'artifact-registry/artifact-registry'

  test('proves itself by its address, as long as no service account is set', async () => {
    expect(await post(`${path}?token=${secretOf('artifact-registry')}`, message())).toEqual(taken)
    expect(await post(`${path}?token=wrong`, message())).toEqual(unproved)
  })

  test('proves itself by a token that Google signed for the service account and this address', async () => {
    const identity = JSON.stringify({ serviceAccount })
    prepared(app.db, `update registry set event_identity = ? where id = 'artifact-registry'`).run(identity)
    const audience = `${app.url}/webhooks/${path}`
    const claims = { email: serviceAccount, email_verified: true }
    const send = async (token: string) => await post(path, message(), { authorization: `Bearer ${token}` })

    expect(await send(await google.sign(claims, { audience }))).toEqual(taken)
    expect(await send(await google.sign(claims, { audience: 'https://elsewhere.example' }))).toEqual(unproved)
    expect(await send(await google.sign({ ...claims, email: 'eve@example.org' }, { audience }))).toEqual(
      unproved,
    )
    expect(await send(await google.sign({ ...claims, email_verified: false }, { audience }))).toEqual(
      unproved,
    )
    const issuer = 'https://accounts.example'
    expect(await send(await google.sign(claims, { audience, issuer }))).toEqual(unproved)
    expect(await send(await google.sign(claims, { audience, expires: '-1 hour' }))).toEqual(unproved)
    expect(await send(await google.forge(claims, audience))).toEqual(unproved)
    expect(await send('no.token.atall')).toEqual(unproved)
    expect(await post(`${path}?token=${secretOf('artifact-registry')}`, message())).toEqual(unproved)
  })
})

test('a ping is answered, and shows that the registry can reach us', async () => {
  prepared(app.db, `delete from webhook_event where registry_id = 'acr'`).run()
  expect(getRegistry(app.db, 'acr').lastEventAt).toBeNull()
  const authorization = `Bearer ${secretOf('acr')}`
  expect(await post('acr/acr', file('acr-ping'), { authorization })).toEqual(heard)
  expect(getRegistry(app.db, 'acr').lastEventAt).not.toBeNull()
})

test('a body that is something else is refused with a sentence, another media type too', async () => {
  const authorization = `Bearer ${secretOf('harbor')}`
  expect(await post('harbor/harbor', '{"type":1}', { authorization })).toEqual({
    status: 400,
    body: { error: 'This is no event of Harbor: its own format or CloudEvents is expected.' },
  })
  const form = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
  expect(await post('harbor/harbor', 'a=b', form)).toMatchObject({ status: 415 })
  const cloud = { authorization, 'content-type': 'application/cloudevents+json; charset=utf-8' }
  expect(await post('harbor/harbor', file('harbor-cloudevent-push'), cloud)).toEqual(taken)
})

test('a body that is longer than any registry sends is refused, with what to do about it', async () => {
  const authorization = `Bearer ${secretOf('harbor')}`
  const body = ' '.repeat(256 * 1024)
  expect(await post('harbor/harbor', body, { authorization })).toMatchObject({ status: 400 })
  expect(await post('harbor/harbor', `${body} `, { authorization })).toEqual({
    status: 413,
    body: {
      error: 'A delivery has at most 262144 bytes, and this one has more. Send its events in several.',
    },
  })
})

test('while too much of a registry waits, it is told to come again, and its bodies are not read', async () => {
  // That of ecr is full when its body is there.
  let asked = 0
  const isFull = (id: string): boolean => id === 'harbor' || (id === 'ecr' && asked++ > 0)
  const full = express().use(
    webhooks({
      db: app.db,
      log: pino({ level: 'silent' }),
      secrets: app.secrets,
      origin: app.url,
      ownUsername: () => null,
      inbox: { ...app.inbox, isFull, isBehind: () => false },
    }),
  )
  const server = createServer(full)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`
  const send = async (authorization: string, path = 'harbor/harbor', body = 'x'.repeat(10)) =>
    await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body,
    })
  const answer = await send(secretOf('harbor'))
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1'])
  expect(await answer.json()).toEqual({ error: expect.stringMatching(/Send this one again later/) })
  expect((await send('wrong')).status).toBe(401)
  expect((await send(secretOf('ecr'), 'ecr/ecr', file('ecr-push'))).status).toBe(429)
  // Another registry has room of its own.
  expect((await send(secretOf('acr'), 'acr/acr', file('acr-ping'))).status).toBe(200)
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

test('a registry that was removed tells nothing any more', async () => {
  prepared(app.db, `update registry set removed_at = 'now' where id = 'ecr'`).run()
  expect(await post('ecr/ecr', file('ecr-push'), { 'x-api-key': secretOf('ecr') })).toEqual(unproved)
})

test.each(registries)('what is to be put where for %s names its address', (kind, name) => {
  const { url, steps } = webhookSetup(app.db, 'https://plimsoll.example', kind, 'the-secret')
  expect(url).toBe(`https://plimsoll.example/webhooks/${name}/${kind}`)
  const codes = steps.map(({ code }) => code).join('\n')
  expect(codes).toContain(url)
  expect(codes.includes('the-secret')).toBe(kind !== 'artifact-registry')
})

/** Serves public keys as Google does, and signs what it is told. */
async function startGoogleDouble() {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const other = await generateKeyPair('RS256')
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] }
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(keys))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const token = (claims: Record<string, unknown>, audience: string, issuer: string, expires: string) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one', typ: 'JWT' })
      .setAudience(audience)
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime(expires)
  const googleIssuer = 'https://accounts.google.com'
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`,
    sign: async (
      claims: Record<string, unknown>,
      {
        audience,
        issuer = googleIssuer,
        expires = '1 hour',
      }: { audience: string; issuer?: string; expires?: string },
    ) => await token(claims, audience, issuer, expires).sign(privateKey),
    forge: async (claims: Record<string, unknown>, audience: string) =>
      await token(claims, audience, googleIssuer, '1 hour').sign(other.privateKey),
    stop: async () => await new Promise(resolve => server.close(resolve)),
  }
}
