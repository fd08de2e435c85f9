import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registryClient } from './client.ts'
import { listRepositories, listTags } from './discovery.ts'
import { SourceError } from './source-error.ts'
import {
  type FaultyRegistryDouble,
  startFaultyRegistryDouble,
  status,
} from './testdata/faulty-registry-double.ts'

const { signal } = new AbortController()
let registry: FaultyRegistryDouble
beforeEach(async () => {
  registry = await startFaultyRegistryDouble()
})
afterEach(() => registry.stop())

const client = () => registryClient({ url: registry.url })
const repositories = () => Array.fromAsync(listRepositories(client(), signal))
const tags = (repository = 'team/app') => Array.fromAsync(listTags(client(), repository, signal))

async function failureOf(action: Promise<unknown>): Promise<SourceError> {
  const error = await action.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (error instanceof SourceError) return error
  throw new Error('It should have failed with a SourceError.', { cause: error })
}

describe('a list', () => {
  it('is read page after page', async () => {
    registry.fault(
      '/v2/_catalog',
      status(200, { link: '</v2/_catalog?last=b&n=2>; rel="next"' }, { repositories: ['a', 'b'] }),
      status(
        200,
        { link: `<${registry.url}/v2/_catalog?last=d&n=2>; rel=next` },
        { repositories: ['team/C', 'd'] },
      ),
      status(200, {}, { repositories: ['e'] }),
    )
    expect(await repositories()).toEqual(['a', 'b', 'team/C', 'd', 'e'])
    expect(registry.requests.map(({ path }) => path)).toEqual([
      '/v2/_catalog?n=1000',
      '/v2/_catalog?last=b&n=2',
      '/v2/_catalog?last=d&n=2',
    ])
  })

  it('is read in smaller pages where the registry sends no larger ones', async () => {
    registry.fault(
      '/v2/_catalog',
      status(400, {}, { errors: [{ code: 'PAGINATION_NUMBER_INVALID' }] }),
      status(200, { link: '</v2/_catalog?last=a&n=100>; rel="next"' }, { repositories: ['a'] }),
      status(200, {}, { repositories: ['b'] }),
    )
    expect(await repositories()).toEqual(['a', 'b'])
    expect(registry.requests.map(({ path }) => path)).toEqual([
      '/v2/_catalog?n=1000',
      '/v2/_catalog?n=100',
      '/v2/_catalog?last=a&n=100',
    ])
  })

  it('of 100,000 long names in one piece is read', async () => {
    const names = Array.from({ length: 100_000 }, (_, number) => `${'t'.repeat(122)}${number}`)
    registry.answer('/v2/team/app/tags/list', status(200, {}, { tags: names }))
    let read = 0
    for await (const _tag of listTags(client(), 'team/app', signal)) read += 1
    expect(read).toBe(100_000)
  })

  it('may be empty, or null as Docker Distribution has it', async () => {
    registry.answer('/v2/team/app/tags/list', status(200, {}, { name: 'team/app', tags: null }))
    registry.answer('/v2/_catalog', status(200, {}, { repositories: [] }))
    expect(await tags()).toEqual([])
    expect(await repositories()).toEqual([])
  })

  it.each(['https://elsewhere.example/v2/_catalog', '//elsewhere.example/v2/_catalog', '/admin', 'http://['])(
    'that goes on at %s is not followed there',
    async target => {
      registry.answer(
        '/v2/_catalog',
        status(200, { link: `<${target}>; rel="next"` }, { repositories: ['a'] }),
      )
      expect(await failureOf(repositories())).toMatchObject({
        code: 'registry-error',
        message: expect.stringContaining('refused'),
      })
      expect(registry.requests).toHaveLength(1)
    },
  )

  it('that goes in circles ends', async () => {
    const circle = status(200, { link: '</v2/_catalog?n=1000>; rel="next"' }, { repositories: ['a'] })
    registry.answer('/v2/_catalog', circle)
    expect(await failureOf(repositories())).toMatchObject({
      code: 'registry-error',
      message: expect.stringContaining('does not end'),
    })
  })

  it.each([
    ['is no JSON', '<html>', 'JSON'],
    ['is something else', { names: [] }, null],
    ['holds no names', { repositories: [1] }, 'not as the specification'],
    ['holds a way out', { repositories: ['a', '../b'] }, 'no name'],
  ])('that %s', async (_, body, words) => {
    registry.answer('/v2/_catalog', status(200, {}, body))
    if (words === null) expect(await repositories()).toEqual([])
    else
      expect(await failureOf(repositories())).toMatchObject({
        code: 'registry-error',
        message: expect.stringContaining(words),
      })
  })

  it('of a repository that is not there', async () => {
    registry.answer(
      '/v2/team/app/tags/list',
      status(404, {}, { errors: [{ code: 'NAME_UNKNOWN', message: 'secret words' }] }),
    )
    const error = await failureOf(tags())
    expect(error).toMatchObject({
      code: 'image-not-found',
      message: expect.stringContaining('no such repository'),
    })
    expect(error.message).not.toContain('secret words')
    expect(await failureOf(tags('../x'))).toMatchObject({ code: 'source-unreadable' })
  })
})

describe('a tag', () => {
  const digest = `sha256:${'ab'.repeat(32)}`

  it('is looked up without its manifest', async () => {
    registry.answer('/v2/team/app/manifests/1.0', status(200, { 'docker-content-digest': digest }))
    expect(await client().digestOf('team/app', '1.0', signal)).toBe(digest)
    expect(registry.requests.map(({ method }) => method)).toEqual(['HEAD'])
  })

  it('that names what it named before is answered with as much', async () => {
    const moved = `sha256:${'cd'.repeat(32)}`
    registry.answer('/v2/team/app/manifests/1.0', (request, response) => {
      const isKnown = request.headers['if-none-match'] === `"${digest}"`
      response.writeHead(isKnown ? 304 : 200, isKnown ? {} : { 'docker-content-digest': digest }).end()
    })
    expect(await client().digestOf('team/app', '1.0', signal, digest)).toBe(digest)
    expect(await client().digestOf('team/app', '1.0', signal, moved)).toBe(digest)
    expect(registry.requests.map(({ method }) => method)).toEqual(['HEAD', 'HEAD'])
  })

  it('is looked up with its manifest where the registry does not say', async () => {
    registry.answer('/v2/team/app/manifests/1.0', status(200, { 'docker-content-digest': 'md5:x' }, '{}'))
    expect(await client().digestOf('team/app', '1.0', signal)).toMatch(/^sha256:44136fa355b3678a/)
  })
})

it('a registry whose network rules leave us out is one that cannot be reached', async () => {
  const message = "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall"
  registry.answer('/v2/', status(403, {}, { errors: [{ code: 'DENIED', message }] }))
  const error = await failureOf(client().ping(signal))
  expect(error).toMatchObject({ code: 'registry-unreachable' })
  expect(`${error.message} ${error.hint}`).not.toContain('203.0.113.7')
})

it('a ping says whether this is a registry', async () => {
  registry.answer('/v2/', status(200, {}, '{}'))
  await client().ping(signal)
  registry.answer('/v2/', status(404))
  expect(await failureOf(client().ping(signal))).toMatchObject({
    code: 'registry-error',
    message: expect.stringContaining('no container registry'),
  })
})
