import { afterEach, describe, expect, it } from 'vitest'
import { SourceError } from '../source-error.ts'
import { type HubTag, startDockerHubDouble } from '../testdata/docker-hub-double.ts'
import type { FaultyRegistryDouble } from '../testdata/faulty-registry-double.ts'
import { endless, status } from '../testdata/faulty-registry-double.ts'
import { startHarborDouble } from '../testdata/harbor-double.ts'
import { type LastPullsOptions, lastPulls } from './last-pulls.ts'

const { signal } = new AbortController()
const user = { username: 'quartermaster', password: 'open-sesame' }
const digest = (number: number) => `sha256:${String(number).padStart(64, '0')}`
const never = '0001-01-01T00:00:00.000Z'

let double: FaultyRegistryDouble
let nowMs = 0
afterEach(() => double.stop())

const pulls = (repository: string, options: Partial<LastPullsOptions>) => {
  const timing = { now: () => nowMs, random: () => 0, sleep: async () => undefined }
  const reader = lastPulls({ kind: 'harbor', url: double.url, hubUrl: double.url, timing, ...options })
  if (reader === null) throw new Error('It keeps no times of pulls.')
  return { read: () => Array.fromAsync(reader.of(repository, signal)) }
}

async function failureOf(action: Promise<unknown>): Promise<SourceError> {
  const error = await action.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (!(error instanceof SourceError)) throw new Error('It should have failed.', { cause: error })
  expect(`${error.message} ${error.hint}`).not.toMatch(/sesame|object not found|Incorrect/)
  return error
}

describe('of Harbor', () => {
  it('are those of its artifacts, page by page, without those that were never pulled', async () => {
    const artifacts = Array.from({ length: 205 }, (_, number) => ({
      digest: digest(number),
      pull_time: number % 2 === 0 ? never : '2026-11-20T08:30:00.123Z',
    }))
    double = await startHarborDouble({ 'library/team/app': artifacts }, user)
    const found = await pulls('library/team/app', { credentials: user }).read()
    expect(found).toHaveLength(102)
    expect(found[0]).toEqual({
      digest: digest(1),
      pulledAt: '2026-11-20T08:30:00.123Z',
      granularityMs: 10_000,
    })
    expect(double.requests.map(({ path }) => path)).toMatchObject([
      expect.stringContaining('/projects/library/repositories/team%252Fapp/artifacts?page=1&page_size=100&'),
      expect.stringContaining('page=2'),
      expect.stringContaining('page=3'),
    ])
  })

  it('are told of to nobody with a wrong password, nor of what is not there', async () => {
    double = await startHarborDouble({ 'library/app': [] }, user)
    const wrong = { ...user, password: 'shut-sesame' }
    expect(await failureOf(pulls('library/app', { credentials: wrong }).read())).toMatchObject({
      code: 'unauthorized',
    })
    expect(await failureOf(pulls('library/gone', { credentials: user }).read())).toMatchObject({
      code: 'image-not-found',
    })
    expect(await pulls('library/app', { credentials: user }).read()).toEqual([])
    expect(await pulls('app', { credentials: user }).read()).toEqual([])
  })

  it('do not come from something else', async () => {
    double = await startHarborDouble({})
    const path = '/api/v2.0/projects/library/repositories/app/artifacts'
    for (const answer of [status(200, {}, '<html>'), status(200, {}, { artifacts: [] }), endless]) {
      double.guard(() => true)
      double.fault(path, answer)
      expect(await failureOf(pulls('library/app', {}).read())).toMatchObject({ code: 'registry-error' })
    }
  })
})

describe('of Docker Hub', () => {
  const pulledAt = '2026-11-20T08:30:00.123Z'
  const tag = (number: number): HubTag => ({
    name: `v${number}`,
    digest: digest(number),
    tag_last_pulled: '2026-11-20T08:30:00.123456Z',
    images: [
      { digest: digest(1000 + number), last_pulled: '2026-11-20T08:30:00.123456Z' },
      { last_pulled: null },
    ],
  })
  const options = { kind: 'docker-hub' as const, url: 'https://registry-1.docker.io' }

  it('are those of its tags and of their images', async () => {
    double = await startDockerHubDouble({ 'library/debian': Array.from({ length: 101 }, (_, n) => tag(n)) })
    const found = await pulls('library/debian', options).read()
    expect(found).toHaveLength(202)
    expect(found.slice(0, 2)).toMatchObject([
      { digest: digest(0), pulledAt },
      { digest: digest(1000), pulledAt },
    ])
    expect(double.requests).toHaveLength(2)
    expect(double.requests[0]?.headers).not.toHaveProperty('authorization')
  })

  it('of a private repository are told of to whoever signs in, with a token that is renewed', async () => {
    double = await startDockerHubDouble({ 'team/app': [tag(1)] }, user)
    const asked = () => double.requests.filter(({ path }) => path === '/v2/auth/token').length
    nowMs = 0
    const signedIn = pulls('team/app', { ...options, credentials: user })
    expect(await signedIn.read()).toHaveLength(2)
    expect(await signedIn.read()).toHaveLength(2)
    expect(asked()).toBe(1)
    nowMs = 10 * 60_000
    expect(await signedIn.read()).toHaveLength(2)
    expect(asked()).toBe(2)
    expect(await failureOf(pulls('team/app', options).read())).toMatchObject({ code: 'image-not-found' })
    const wrong = { ...user, password: 'shut-sesame' }
    expect(await failureOf(pulls('team/app', { ...options, credentials: wrong }).read())).toMatchObject({
      code: 'unauthorized',
    })
  })
})

it('are not kept by other kinds', async () => {
  double = await startHarborDouble({})
  for (const kind of ['distribution', 'acr', 'ghcr', 'ecr', 'artifact-registry'] as const) {
    expect(lastPulls({ kind, url: double.url })).toBeNull()
  }
})
