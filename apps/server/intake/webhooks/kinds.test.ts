import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { registryEvent } from '../../testdata/registry-event.ts'
import { webhookKinds } from './index.ts'
import type { Delivery } from './kind.ts'

/** What each kind of registry sends, as it is documented, and what is made of it. */

const payload = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'testdata', `${name}.json`), 'utf8')) as Record<
    string,
    unknown
  >

const receivedAt = '2026-03-04T10:00:00.000Z'
const delivery: Delivery = { headers: {}, at: receivedAt, host: null, ownUsername: () => 'robot$plimsoll' }
const read = (kind: keyof typeof webhookKinds, body: unknown, more: Partial<Delivery> = {}) =>
  webhookKinds[kind].read(body, { ...delivery, ...more })

const digest = (payload('acr-push')['target'] as { digest: string }).digest
const api = { repository: 'team/api', digest, tag: '1.4' }
const none = { events: [], unreadable: 0, ignored: 1 }

describe('Azure Container Registry', () => {
  test('tells of a push with its tag, of a deletion without', () => {
    expect(read('acr', payload('acr-push'))?.events).toEqual([
      {
        ...api,
        id: '0f6a3c2e-7d5f-4f0e-9b57-3a1de54b9c01',
        at: '2026-03-04T08:15:30.123Z',
        action: 'push',
        mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      },
    ])
    expect(read('acr', payload('acr-delete'))?.events).toMatchObject([
      { ...api, action: 'delete', tag: null },
    ])
  })

  test.each(['acr-ping', 'acr-chart-push'])('%s is none of an image', name => {
    expect(read('acr', payload(name))).toEqual(none)
  })
})

describe('Harbor', () => {
  test('tells in its own format and in CloudEvents the same', () => {
    const event = { ...api, at: '2026-03-04T08:15:30.000Z', action: 'push', mediaType: null }
    const [own] = read('harbor', payload('harbor-push'))?.events ?? []
    const [cloud] = read('harbor', payload('harbor-cloudevent-push'))?.events ?? []
    expect(own).toMatchObject(event)
    expect(cloud).toMatchObject({ ...event, id: '1b4e28ba-2fa1-41d2-883f-0016d3cca427 0' })
  })

  test('tells the same event with the same id, and another with another', () => {
    const ids = ['harbor-push', 'harbor-push', 'harbor-pull', 'harbor-delete']
      .flatMap(name => read('harbor', payload(name))?.events ?? [])
      .map(({ id }) => id)
    expect(new Set(ids).size).toBe(4)
    expect(ids).toHaveLength(5)
  })

  test('of a pull by digest, which it writes in the place of the tag', () => {
    expect(read('harbor', payload('harbor-pull'))?.events).toMatchObject([
      { ...api, tag: null, action: 'pull' },
    ])
  })

  test.each(['robot$plimsoll', 'robot$library+Trivy-4f2a', 'robot$Trivy', 'robot$team+acme-scanner'])(
    'of a pull by %s, which is no use of the image',
    operator => {
      expect(read('harbor', { ...payload('harbor-pull'), operator })).toEqual(none)
    },
  )

  test('of a push by whoever it is', () => {
    const push = { ...payload('harbor-push'), operator: 'robot$plimsoll' }
    expect(read('harbor', push)?.events).toHaveLength(1)
  })

  test('of a deletion of several artifacts, whatever tags they had', () => {
    expect(read('harbor', payload('harbor-delete'))?.events).toMatchObject([
      { ...api, tag: null, action: 'delete' },
      { repository: 'team/api', tag: null, action: 'delete' },
    ])
    expect(read('harbor', payload('harbor-scanned'))).toEqual(none)
  })
})

test('Docker Hub tells of a tag, and the digest has to be asked for', () => {
  const [event] = read('docker-hub', payload('docker-hub-push'))?.events ?? []
  expect(event).toMatchObject({ ...api, digest: null, action: 'push', at: '2026-03-04T08:15:30.000Z' })
  expect(read('docker-hub', payload('docker-hub-push'))?.events[0]?.id).toBe(event?.id)
})

describe('GitHub Packages', () => {
  const headers = { 'x-github-event': 'registry_package', 'x-github-delivery': 'de-11-very' }

  test('tells of what was published, its owner in small letters as ghcr.io has it', () => {
    const event = {
      ...api,
      id: expect.any(String),
      at: '2026-03-04T08:15:30.000Z',
      action: 'push',
      mediaType: null,
    }
    const body = payload('github-registry-package')
    expect(read('ghcr', body, { headers })?.events).toEqual([event])
    const other = { action: 'updated', package: body['registry_package'] }
    const as = { ...headers, 'x-github-event': 'package' }
    expect(read('ghcr', other, { headers: as })?.events).toEqual([event])
  })

  test('what is signed tells one event from another, not the header beside it', () => {
    const body = payload('github-registry-package')
    const idUnder = (delivery: string): string | undefined =>
      read('ghcr', body, { headers: { ...headers, 'x-github-delivery': delivery } })?.events[0]?.id
    expect(idUnder('first')).toBeDefined()
    expect(idUnder('second')).toBe(idUnder('first'))
  })

  test.each([
    ['a ping', payload('github-ping'), { 'x-github-event': 'ping' }],
    ['another event', payload('github-registry-package'), { 'x-github-event': 'push' }],
    ['another action', { ...payload('github-registry-package'), action: 'deleted' }, headers],
    [
      'a package of npm',
      {
        ...payload('github-registry-package'),
        registry_package: {
          ...(payload('github-registry-package')['registry_package'] as object),
          package_type: 'npm',
        },
      },
      headers,
    ],
  ])('tells of %s, which is none of an image', (_, body, as) => {
    expect(read('ghcr', body, { headers: as })).toEqual(none)
  })
})

describe('Amazon ECR', () => {
  const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

  test('tells of pushes and deletions', () => {
    expect(read('ecr', payload('ecr-push'), { host })?.events).toMatchObject([{ ...api, action: 'push' }])
    expect(read('ecr', payload('ecr-delete'), { host })?.events).toMatchObject([{ ...api, action: 'delete' }])
  })

  test('tells of other accounts, other regions, failures and scans, which are passed over', () => {
    const elsewhere = host.replace('eu-west-1', 'eu-west-2')
    expect(read('ecr', payload('ecr-push'), { host: elsewhere })).toEqual(none)
    expect(read('ecr', { ...payload('ecr-push'), account: '210987654321' }, { host })).toEqual(none)
    const failed = { ...(payload('ecr-push')['detail'] as object), result: 'FAILURE' }
    expect(read('ecr', { ...payload('ecr-push'), detail: failed }, { host })).toEqual(none)
    expect(read('ecr', { ...payload('ecr-push'), 'detail-type': 'ECR Image Scan' }, { host })).toEqual(none)
  })
})

describe('Google Artifact Registry', () => {
  const host = 'europe-docker.pkg.dev'
  const enveloped = (name: string): object => ({
    message: {
      data: Buffer.from(JSON.stringify(payload(name))).toString('base64'),
      messageId: '8899',
      message_id: '8899',
      publishTime: '2026-03-04T08:15:30.5Z',
    },
    subscription: 'projects/acme/subscriptions/plimsoll',
  })

  test('tells of pushes, tags taken away and deletions', () => {
    const repository = 'acme/team/api'
    const event = { ...api, repository, id: '8899', at: '2026-03-04T08:15:30.500Z' }
    const of = (name: string) => read('artifact-registry', enveloped(name), { host })?.events
    expect(of('artifact-registry-insert')).toMatchObject([{ ...event, action: 'push' }])
    expect(of('artifact-registry-tag-deleted')).toMatchObject([{ ...event, action: 'delete', digest: null }])
    expect(of('artifact-registry-deleted')).toMatchObject([{ ...event, action: 'delete', tag: null }])
  })

  test('tells of the other registries of the project, which are passed over', () => {
    const insert = enveloped('artifact-registry-insert')
    expect(read('artifact-registry', insert, { host: 'us-docker.pkg.dev' })).toEqual(none)
  })
})

describe('whatever comes', () => {
  const names = Object.keys(webhookKinds) as (keyof typeof webhookKinds)[]

  test.each(names)('%s: a body that is nothing is told from one that makes no sense', kind => {
    for (const body of [null, 7, 'text', [], [1]]) expect(read(kind, body)).toBeNull()
  })

  test('no payload, with anything in the place of any part of it, makes a reader fail', () => {
    const folder = join(import.meta.dirname, 'testdata')
    const payloads = readdirSync(folder).map(name => payload(name.replace('.json', '')))
    const headers = { 'x-github-event': 'registry_package' }
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom(...payloads),
        fc.array(fc.nat(5), { maxLength: 4 }),
        fc.jsonValue(),
        (kind, body, path, put) => {
          const result = read(kind, replaced(body, path, put), { headers })
          for (const event of result?.events ?? []) {
            expect(event.repository).toMatch(/^[\w.-]+(\/[\w.-]+)*$/)
            expect(event.digest ?? event.tag).not.toBeNull()
            expect(new Date(event.at).toISOString()).toBe(event.at)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('an event that makes no sense is counted', () => {
    const hostile = { repository: '../../etc', digest, tag: '1.4' }
    const one = { events: [], unreadable: 1, ignored: 0 }
    const acr = payload('acr-push')
    expect(read('acr', { ...acr, target: { ...(acr['target'] as object), ...hostile } })).toEqual(one)
    expect(read('acr', { ...acr, target: null })).toEqual(one)
    expect(read('harbor', { ...payload('harbor-push'), event_data: {} })).toEqual(one)
    const detail = { ...(payload('ecr-push')['detail'] as object), 'repository-name': '../../etc' }
    expect(read('ecr', { ...payload('ecr-push'), detail })).toEqual(one)
    const data = Buffer.from('{"action":"INSERT","digest":"europe-docker.pkg.dev/x@sha256:short"}').toString(
      'base64',
    )
    const message = { data, messageId: '1', publishTime: '2026-03-04T08:15:30Z' }
    expect(read('artifact-registry', { message })).toEqual(one)
    expect(read('distribution', { events: [registryEvent({ digest, at: 'yesterday' })] })).toEqual(one)
  })
})

/** A copy in which the part that the path leads to is another. */
function replaced(part: unknown, [first, ...rest]: readonly number[], put: unknown): unknown {
  if (first === undefined) return put
  if (typeof part !== 'object' || part === null) return put
  const keys = Object.keys(part)
  const key = keys[first % Math.max(keys.length, 1)]
  if (key === undefined) return put
  const changed = replaced((part as Record<string, unknown>)[key], rest, put)
  return Array.isArray(part) ? part.with(Number(key), changed) : { ...part, [key]: changed }
}
