import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RegistryOptions, registryClient } from './client.ts'
import type { PasswordProvider } from './credentials.ts'
import { SourceError } from './source-error.ts'
import {
  type FaultyRegistryDouble,
  redirects,
  startFaultyRegistryDouble,
  status,
} from './testdata/faulty-registry-double.ts'
import { madeImage } from './testdata/made-image.ts'

const { signal } = new AbortController()
const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

let registry: FaultyRegistryDouble
let nowMs: number
beforeEach(async () => {
  registry = await startFaultyRegistryDouble()
  registry.serve('team/app', '1.0', madeImage())
  nowMs = 0
})
afterEach(() => registry.stop())

const client = (credentials: RegistryOptions['credentials']) =>
  registryClient({
    url: registry.url,
    credentials: credentials ?? null,
    timing: { now: () => nowMs, random: () => 0, sleep: async () => undefined },
  })
const pull = (from: ReturnType<typeof client>) => from.manifest('team/app', '1.0', signal)

async function failureOf(action: Promise<unknown>): Promise<SourceError> {
  const error = await action.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (!(error instanceof SourceError)) throw new Error('It should have failed.', { cause: error })
  expect(inspect(error, { depth: 12 })).not.toMatch(/s3cret/)
  return error
}

/** Lets in whoever brings one of these headers; what is under /oauth2/ answers everybody. */
function lock(challenge: string, accepted: () => readonly string[]): void {
  registry.guard((request, response) => {
    const isOpen =
      request.url?.startsWith('/oauth2/') || accepted().includes(request.headers.authorization ?? '')
    if (!isOpen) status(401, { 'www-authenticate': challenge })(request, response)
    return isOpen
  })
}

it('a bearer token is sent as it is, and nothing else is tried when it is refused', async () => {
  lock('Bearer realm="http://127.0.0.1:1/token"', () => ['Bearer s3cret'])
  const digest = await pull(client({ token: 's3cret' }))
  expect(digest.digest).toMatch(/^sha256:/)
  expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer s3cret'])
  expect(await failureOf(pull(client({ token: 's3cret-but-old' })))).toMatchObject({ code: 'unauthorized' })
  expect(registry.requests).toHaveLength(2)
})

describe("a refresh token, as Azure's registries give", () => {
  const challenge = (realm = `${registry.url}/oauth2/token`) =>
    `Bearer realm="${realm}",service="myregistry.azurecr.io",scope="repository:team/app:pull"`

  it('is exchanged by a form, and what it gives is used until it expires', async () => {
    lock(challenge(), () => ['Bearer access'])
    let form = ''
    registry.answer('/oauth2/token', (request, response) => {
      void Array.fromAsync(request, (chunk: Buffer) => chunk).then(chunks => {
        form = Buffer.concat(chunks).toString()
        status(200, {}, { access_token: 'access', expires_in: 300 })(request, response)
      })
    })
    const from = client({ refreshToken: 's3cret' })
    await pull(from)
    await pull(from)
    const asked = registry.requests.filter(({ path }) => path === '/oauth2/token')
    expect(asked).toMatchObject([{ method: 'POST' }])
    expect(asked[0]?.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' })
    expect(asked[0]?.headers).not.toHaveProperty('authorization')
    expect(Object.fromEntries(new URLSearchParams(form))).toMatchObject({
      grant_type: 'refresh_token',
      service: 'myregistry.azurecr.io',
      scope: 'repository:team/app:pull',
      refresh_token: 's3cret',
    })
  })

  it('is a password for a registry that asks for one', async () => {
    lock('Basic realm="x"', () => [basic('00000000-0000-0000-0000-000000000000', 's3cret')])
    await pull(client({ refreshToken: 's3cret' }))
  })

  it('that is refused is told of', async () => {
    lock(challenge(), () => [])
    registry.answer(
      '/oauth2/token',
      status(401, {}, { errors: [{ code: 'UNAUTHORIZED', message: 's3cret' }] }),
    )
    expect(await failureOf(pull(client({ refreshToken: 's3cret' })))).toMatchObject({ code: 'unauthorized' })
  })

  it('goes to no other address that the token server sends it on to', async () => {
    const elsewhere = await startFaultyRegistryDouble()
    try {
      lock(challenge(), () => [])
      registry.answer('/oauth2/token', redirects(`${elsewhere.url}/oauth2/token`))
      expect(await failureOf(pull(client({ refreshToken: 's3cret' })))).toMatchObject({
        code: 'registry-error',
      })
      expect(elsewhere.requests).toEqual([])
    } finally {
      await elsewhere.stop()
    }
  })

  it('goes nowhere unencrypted', async () => {
    lock(challenge('http://tokens.example/oauth2/token'), () => [])
    expect(await failureOf(pull(client({ refreshToken: 's3cret' })))).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('unencrypted'),
    })
  })
})

describe('a password that is given out for a while', () => {
  const hourMs = 3_600_000
  let asked: number
  let fails: Error | null
  const provider: PasswordProvider = {
    async obtain() {
      asked += 1
      const number = asked
      await new Promise(resolve => setImmediate(resolve))
      if (fails !== null) throw fails
      return { username: 'AWS', password: `s3cret-${number}`, expiresAtMs: nowMs + 12 * hourMs }
    },
  }
  const current = (number: number) => [basic('AWS', `s3cret-${number}`)]
  let accepted: readonly string[]
  beforeEach(() => {
    asked = 0
    fails = null
    accepted = current(1)
    lock('Basic realm="https://123456789012.dkr.ecr.eu-central-1.amazonaws.com/"', () => accepted)
  })

  it('is asked for once by all who need it, and again shortly before it expires', async () => {
    const from = client(provider)
    await Promise.all([pull(from), pull(from), pull(from)])
    nowMs = 11 * hourMs
    await pull(from)
    expect(asked).toBe(1)
    nowMs = 12 * hourMs - 5_000
    accepted = current(2)
    await Promise.all([pull(from), pull(from)])
    expect(asked).toBe(2)
  })

  it('is asked for once more when it is refused before its time', async () => {
    const from = client(provider)
    await pull(from)
    nowMs = hourMs
    accepted = current(2)
    await Promise.all([pull(from), pull(from), pull(from)])
    expect(asked).toBe(2)
  })

  it('is not asked for again and again while it is refused', async () => {
    accepted = []
    const from = client(provider)
    for (let tries = 0; tries < 3; tries++) {
      expect(await failureOf(pull(from))).toMatchObject({ code: 'unauthorized' })
    }
    expect(asked).toBe(1)
  })

  it('that cannot be had is told of as whoever gives it says, and asked for the next time', async () => {
    fails = new SourceError('unauthorized', 'The access key is refused.')
    const from = client(provider)
    expect(await failureOf(pull(from))).toMatchObject({ message: 'The access key is refused.' })
    fails = null
    accepted = current(2)
    await pull(from)
  })
})
