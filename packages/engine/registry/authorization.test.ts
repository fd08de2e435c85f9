import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RegistryOptions } from './client.ts'
import { registryClient } from './client.ts'
import { SourceError } from './source-error.ts'
import { makeCertificate } from './testdata/certificate.ts'
import {
  type Answer,
  type FaultyRegistryDouble,
  redirects,
  startFaultyRegistryDouble,
  status,
} from './testdata/faulty-registry-double.ts'
import { madeImage } from './testdata/made-image.ts'

const credentials = { username: 'quartermaster', password: 'open-sesame' }
const basic = `Basic ${Buffer.from('quartermaster:open-sesame').toString('base64')}`
const { signal } = new AbortController()
const image = madeImage()

let registry: FaultyRegistryDouble
let tokens: FaultyRegistryDouble
let nowMs: number

beforeEach(async () => {
  registry = await startFaultyRegistryDouble()
  tokens = await startFaultyRegistryDouble()
  registry.serve('team/app', '1.0', image)
  registry.serve('team/other', '1.0', image)
  nowMs = 0
})
afterEach(() => Promise.all([registry.stop(), tokens.stop()]))

const client = (options: Partial<RegistryOptions> = {}) =>
  registryClient({
    url: registry.url,
    timing: { now: () => nowMs, random: () => 0, sleep: async () => undefined },
    ...options,
  })

const pull = (from = client(), repository = 'team/app') => from.manifest(repository, '1.0', signal)

async function failureOf(action: Promise<unknown>): Promise<SourceError> {
  const error = await action.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (!(error instanceof SourceError))
    throw new Error('It should have failed with a SourceError.', { cause: error })
  // Whatever went wrong: no secret is anywhere in it, nor in what caused it.
  expect(inspect(error, { depth: 12 })).not.toMatch(/open-sesame|s3cret|cXVhcnRlcm1hc3Rlcj/)
  return error
}

/** The registry lets in whoever brings one of these headers, and challenges the rest. */
function lockRegistry(challenge: string, ...accepted: string[]): void {
  registry.guard((request, response) => {
    if (accepted.includes(request.headers.authorization ?? '')) return true
    status(401, { 'www-authenticate': challenge }, { errors: [{ code: 'UNAUTHORIZED' }] })(request, response)
    return false
  })
}

const bearer = (scope = 'repository:team/app:pull', realm = `${tokens.url}/token`) =>
  `Bearer realm="${realm}",service="registry.example",scope="${scope}"`

const gives = (token: unknown): Answer => status(200, { 'content-type': 'application/json' }, token)

describe('basic authentication', () => {
  beforeEach(() => lockRegistry('Basic realm="test"', basic))

  it('is used once the registry asked for it, and not before', async () => {
    const from = client({ credentials })
    await pull(from)
    await pull(from)
    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, basic, basic])
  })

  it('says so when there are no credentials, or wrong ones', async () => {
    const anonymous = await failureOf(pull())
    expect(anonymous).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('without a user name'),
    })
    const wrong = await failureOf(pull(client({ credentials: { ...credentials, username: 'stowaway' } })))
    expect(wrong).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('does not accept') })
  })

  it('says so when the registry wants something else', async () => {
    lockRegistry('Negotiate')
    const error = await failureOf(pull(client({ credentials })))
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('does not have') })
  })
})

describe('a bearer token', () => {
  it('is asked for with scope and service, and serves until shortly before it expires', async () => {
    lockRegistry(bearer(), 'Bearer s3cret-1', 'Bearer s3cret-2')
    tokens.fault(
      '/token',
      gives({ token: 's3cret-1', expires_in: 300 }),
      gives({ access_token: 's3cret-2', expires_in: 300 }),
    )
    const from = client({ credentials })
    await pull(from)
    nowMs = 280_000
    await pull(from)
    expect(tokens.requests).toHaveLength(1)
    nowMs = 295_000
    await pull(from)
    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer s3cret-1',
      'Bearer s3cret-1',
      'Bearer s3cret-2',
    ])
    expect(tokens.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/token?service=registry.example&scope=repository%3Ateam%2Fapp%3Apull', basic],
      ['/token?service=registry.example&scope=repository%3Ateam%2Fapp%3Apull', basic],
    ])
  })

  it('lasts a minute when its answer does not say', async () => {
    lockRegistry(bearer(), 'Bearer s3cret-1')
    tokens.answer('/token', gives({ token: 's3cret-1' }))
    const from = client()
    await pull(from)
    nowMs = 49_000
    await pull(from)
    expect(tokens.requests).toHaveLength(1)
    nowMs = 51_000
    await pull(from)
    expect(tokens.requests).toHaveLength(2)
  })

  it('is asked for anonymously without credentials', async () => {
    lockRegistry(bearer(), 'Bearer s3cret-1')
    tokens.answer('/token', gives({ token: 's3cret-1' }))
    await pull()
    expect(tokens.requests[0]?.headers).not.toHaveProperty('authorization')
  })

  it('is one for each scope, shared by requests at the same time', async () => {
    registry.guard((request, response) => {
      const repository = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(request.url ?? '')?.[1]
      if (request.headers.authorization === `Bearer s3cret-${repository}`) return true
      status(401, { 'www-authenticate': bearer(`repository:${repository}:pull`) })(request, response)
      return false
    })
    tokens.answer('/token', (request, response) => {
      const scope = new URL(request.url ?? '', tokens.url).searchParams.get('scope')
      gives({ token: `s3cret-${scope?.split(':')[1]}`, expires_in: 300 })(request, response)
    })
    const from = client()
    await pull(from, 'team/app')
    await pull(from, 'team/other')
    await Promise.all([pull(from, 'team/app'), pull(from, 'team/other'), pull(from, 'team/app')])
    expect(tokens.requests).toHaveLength(2)
    nowMs = 600_000
    await Promise.all([pull(from), pull(from), pull(from)])
    expect(tokens.requests).toHaveLength(3)
  })

  it('is renewed when the registry no longer takes it', async () => {
    lockRegistry(bearer(), 'Bearer s3cret-1')
    tokens.fault(
      '/token',
      gives({ token: 's3cret-1', expires_in: 300 }),
      gives({ token: 's3cret-2', expires_in: 300 }),
    )
    const from = client()
    await pull(from)
    lockRegistry(bearer(), 'Bearer s3cret-2')
    await pull(from)
    expect(registry.requests.at(-1)?.headers.authorization).toBe('Bearer s3cret-2')
  })

  it.each([
    [null, 'not open to everyone'],
    [credentials, 'may not be read by the user'],
  ])('that is refused is the answer, not a reason to go on', async (who, words) => {
    lockRegistry(bearer())
    tokens.answer('/token', gives({ token: 's3cret-1' }))
    const error = await failureOf(pull(client({ credentials: who })))
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining(words) })
    expect(registry.requests).toHaveLength(2)
  })

  it('is never asked for with more than reading', async () => {
    const scopes =
      'repository:team/app:pull,push repository:victim/app:push registry:catalog:* admin:* repository:b:metadata_read,*'
    lockRegistry(bearer(scopes), 'Bearer s3cret-1')
    tokens.answer('/token', gives({ token: 's3cret-1' }))
    await pull()
    const asked = new URL(tokens.requests[0]?.path ?? '', tokens.url).searchParams.getAll('scope')
    expect(asked).toEqual(['repository:team/app:pull', 'registry:catalog:*', 'repository:b:metadata_read'])
  })

  it('is asked for with our own scope when the challenge has none', async () => {
    lockRegistry(`Bearer realm="${tokens.url}/token"`, 'Bearer s3cret-1')
    tokens.answer('/token', gives({ token: 's3cret-1' }))
    await pull()
    expect(tokens.requests[0]?.path).toBe('/token?scope=repository%3Ateam%2Fapp%3Apull')
  })
})

describe('a token for nothing in particular', () => {
  it('is asked for without the example that a challenge may name', async () => {
    lockRegistry(bearer('repository:user/image:pull'), 'Bearer s3cret-1')
    registry.answer('/v2/', status(200))
    tokens.answer('/token', gives({ token: 's3cret-1' }))
    await client().ping(signal)
    expect(tokens.requests[0]?.path).toBe('/token?service=registry.example')
  })
})

it('tokens are remembered for so many scopes only', async () => {
  registry.guard((request, response) => {
    if (request.headers.authorization === 'Bearer s3cret') return true
    const repository = /^\/v2\/(.+)\/manifests\//.exec(request.url ?? '')?.[1]
    status(401, { 'www-authenticate': bearer(`repository:${repository}:pull`) })(request, response)
    return false
  })
  tokens.answer('/token', gives({ token: 's3cret', expires_in: 300 }))
  const from = client()
  const pullAll = async () => {
    for (let index = 0; index <= 500; index++) {
      await from.manifest(`app-${index}`, '1.0', signal).catch(() => undefined)
    }
  }
  await pullAll()
  expect(tokens.requests).toHaveLength(501)
  await from.manifest('app-500', '1.0', signal).catch(() => undefined)
  expect(tokens.requests).toHaveLength(501)
  await from.manifest('app-0', '1.0', signal).catch(() => undefined)
  expect(tokens.requests).toHaveLength(502)
})

describe('a token server', () => {
  beforeEach(() => lockRegistry(bearer(), 'Bearer s3cret-1'))

  it.each([
    ['no token in it', gives({ tokens: [] })],
    ['a token that would end the header', gives({ token: 's3cret\r\nX: y' })],
    ['an empty token', gives({ token: '' })],
    ['no JSON', gives('s3cret')],
    ['too much', gives(`{"token":"${'s3cret'.repeat(300_000)}"}`)],
    ['404', status(404)],
  ])('that answers with %s', async (_, answer) => {
    tokens.answer('/token', answer)
    expect(await failureOf(pull(client({ credentials })))).toMatchObject({ code: 'registry-error' })
  })

  it.each([401, 403])('that answers %d', async code => {
    tokens.answer('/token', status(code))
    expect(await failureOf(pull(client({ credentials })))).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('does not accept'),
    })
    expect(await failureOf(pull())).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('without a user'),
    })
  })

  it('that is busy is asked again', async () => {
    tokens.fault('/token', status(429, { 'retry-after': '1' }), status(503))
    tokens.answer('/token', gives({ token: 's3cret-1' }))
    await pull()
    expect(tokens.requests).toHaveLength(3)
  })

  it('that redirects elsewhere does not take the password along', async () => {
    const elsewhere = await startFaultyRegistryDouble()
    elsewhere.answer('/token', gives({ token: 's3cret-1' }))
    tokens.answer('/token', redirects(`${elsewhere.url}/token`))
    try {
      await pull(client({ credentials }))
      expect(tokens.requests[0]?.headers.authorization).toBe(basic)
      expect(elsewhere.requests[0]?.headers).not.toHaveProperty('authorization')
    } finally {
      await elsewhere.stop()
    }
  })

  it('is asked again by who is still there when who asked first gave up', async () => {
    tokens.fault('/token', gives({ token: 's3cret-1', expires_in: 60 }))
    const from = client()
    await pull(from)
    nowMs = 60_000
    const abort = new AbortController()
    tokens.fault('/token', () => abort.abort(new Error('enough')))
    tokens.answer('/token', gives({ token: 's3cret-1' }))
    const first = from.manifest('team/app', '1.0', abort.signal)
    const second = pull(from)
    expect(await failureOf(first)).toMatchObject({ code: 'cancelled' })
    expect((await second).digest).toBe(image.manifest.digest)
  })

  it.each(['file:///etc/passwd', 'ftp://auth.example/', 'nonsense', 'http://user:s3cret@auth.example/'])(
    'that is no http or https address is refused: %s',
    async realm => {
      lockRegistry(bearer(undefined, realm))
      expect(await failureOf(pull(client({ credentials })))).toMatchObject({
        code: 'registry-error',
        message: expect.stringContaining('not an http or https address'),
      })
    },
  )

  it('on another host is not sent the password unencrypted', async () => {
    lockRegistry(bearer(undefined, 'http://auth.invalid/token'))
    expect(await failureOf(pull(client({ credentials })))).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('unencrypted'),
    })
  })
})

describe('over HTTPS', () => {
  let secure: FaultyRegistryDouble
  let cert: string
  beforeEach(async () => {
    const certificate = await makeCertificate()
    cert = certificate.cert
    secure = await startFaultyRegistryDouble(certificate)
    secure.serve('team/app', '1.0', image)
  })
  afterEach(() => secure.stop())

  it('a registry of a certificate authority that is given is read, and of a stranger is not', async () => {
    const given = client({ url: secure.url, certificateAuthority: cert })
    expect((await pull(given)).digest).toBe(image.manifest.digest)
    expect(await failureOf(pull(client({ url: secure.url })))).toMatchObject({
      code: 'registry-unreachable',
      message: expect.stringContaining('certificate'),
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
  })

  it('a redirect to plain HTTP is refused with credentials and followed without', async () => {
    secure.answer('/v2/team/app/manifests/1.0', redirects(`${registry.url}/v2/team/app/manifests/1.0`))
    expect((await pull(client({ url: secure.url, certificateAuthority: cert }))).digest).toBe(
      image.manifest.digest,
    )
    secure.guard((request, response) => {
      if (request.headers.authorization !== undefined) return true
      status(401, { 'www-authenticate': 'Basic realm="x"' })(request, response)
      return false
    })
    const before = registry.requests.length
    const error = await failureOf(pull(client({ url: secure.url, certificateAuthority: cert, credentials })))
    expect(error).toMatchObject({ code: 'registry-error', message: expect.stringContaining('plain http') })
    expect(registry.requests).toHaveLength(before)
  })

  it('a plain HTTP client is told', async () => {
    const error = await failureOf(pull(client({ url: secure.url.replace('https:', 'http:') })))
    expect(['registry-unreachable', 'registry-error']).toContain(error.code)
  })
})
