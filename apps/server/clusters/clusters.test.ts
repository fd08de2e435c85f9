import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { listScans } from '../jobs/list.ts'
import { madeDigest } from '../testdata/fleet.ts'
import {
  type KubernetesApiDouble,
  kubeconfigFor,
  startKubernetesApiDouble,
} from '../testdata/kubernetes-api-double.ts'
import { scanned } from '../testdata/scanned.ts'
import { until } from '../testdata/server-process.ts'
import { pulledImage } from './image-id.ts'
import { listClusters } from './list.ts'
import { type ClusterWatch, watchCluster } from './watch-cluster.ts'

const at = '2024-03-01T00:00:00.000Z'
const host = 'registry.example:5000'
let db: Db
let api: KubernetesApiDouble
let folder: string
let repositoryId: number
let watching: ClusterWatch | null

beforeEach(async () => {
  watching = null
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  const registry = { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution' as const }
  ensureRegistry(db, { ...registry, url: `https://${host}` }, at)
  repositoryId = ensureRepository(db, 'reg', 'team/api')
  api = await startKubernetesApiDouble()
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-kube-'))
  await writeFile(join(folder, 'config'), kubeconfigFor(api.url, 'production'))
  vi.stubEnv('KUBECONFIG', join(folder, 'config'))
})
afterEach(async () => {
  await watching?.stop()
  await api.stop()
  await rm(folder, { recursive: true })
  vi.unstubAllEnvs()
})

/** Starts a watch, and waits for the listing it begins with to end. */
async function listed(context: string | null = null): Promise<ReturnType<typeof listClusters>[number]> {
  await watching?.stop()
  const events = createEventBus()
  const ended = new Promise<void>(resolve => {
    events.subscribe(event => {
      if (event.type === 'changed' && event.what === 'clusters') resolve()
    })
  })
  watching = watchCluster(
    { context },
    { db, events, log: pino({ level: 'silent' }), wakeRunner: () => undefined },
  )
  await ended
  const [cluster] = listClusters(db)
  if (cluster === undefined) throw new Error('no cluster is known')
  return cluster
}

const image = (number: number, repository = 'team/api'): string =>
  `${host}/${repository}@${madeDigest(number)}`
const pod = (name: string, ...containers: string[]) => ({ namespace: 'shop', name, containers })
const running = (): unknown[] =>
  db.$client
    .prepare(
      'select o.digest, ri.workloads from running_image ri join occurrence o on o.id = ri.occurrence_id order by o.digest',
    )
    .all()
const waiting = () => listScans(db, { page: 1, size: 50, state: 'queued' }).rows

test('what pods run of a connected registry is marked, whatever container it is in, and scanned without a result', async () => {
  scanned(db, repositoryId, madeDigest(1))
  api.pods = [
    { ...pod('web-5f-a', image(1)), replicaSet: { name: 'web-5f', hash: '5f' } },
    { ...pod('web-5f-b', image(1)), replicaSet: { name: 'web-5f', hash: '5f' } },
    { ...pod('job', `docker-pullable://${image(1)}`), initContainers: [image(2)] },
    { ...pod('debug', 'docker://sha256:aa'), ephemeralContainers: [image(3, 'team/tools')] },
    pod('other', `elsewhere.example/team/api@${madeDigest(1)}`, madeDigest(9)),
  ]
  const cluster = await listed()
  expect(cluster).toMatchObject({ name: 'production', error: null, pods: 5, knownImages: 3 })
  expect(running()).toEqual([
    { digest: madeDigest(1), workloads: '["shop/Deployment/web","shop/Pod/job"]' },
    { digest: madeDigest(2), workloads: '["shop/Pod/job"]' },
    { digest: madeDigest(3), workloads: '["shop/Pod/debug"]' },
  ])
  expect(
    waiting().map(({ repository, digest, trigger, lane }) => [repository, digest, trigger, lane]),
  ).toEqual([
    ['team/tools', madeDigest(3), 'running', 1],
    ['team/api', madeDigest(2), 'running', 1],
  ])
  expect(
    api.requests.every(
      ({ method, authorization }) => method === 'GET' && authorization === 'Bearer the-token',
    ),
  ).toBe(true)

  api.pods = [pod('web', image(2))]
  await listed()
  expect(running()).toEqual([{ digest: madeDigest(2), workloads: '["shop/Pod/web"]' }])
})

test('of an index that runs its images do', async () => {
  for (const number of [1, 2]) {
    scanned(db, repositoryId, madeDigest(number))
    db.$client.prepare('insert into index_member values (?, ?)').run(madeDigest(7), madeDigest(number))
  }
  api.pods = [pod('web', image(7))]
  expect(await listed()).toMatchObject({ images: 1, knownImages: 1 })
  expect(running()).toHaveLength(2)
  expect(waiting()).toEqual([])
})

test('a list in pages is read to its end, and begun anew when it expires', async () => {
  api.pods = Array.from({ length: 7 }, (_, number) => pod(`p${number}`, image(number)))
  api.pageSize = 3
  api.expired = 1
  expect(await listed()).toMatchObject({ pods: 7, images: 7, knownImages: 7 })
  const tokens = api.requests.map(({ path }) => new URL(path, api.url).searchParams.get('continue'))
  expect(tokens).toEqual([null, '3', null, '3', '6'])
})

test('where that trigger is not set, what is not known stays so, and what is known is marked', async () => {
  db.$client.exec('update subscription set trigger_running = 0')
  scanned(db, repositoryId, madeDigest(1))
  api.pods = [pod('web', image(1), image(2))]
  expect(await listed()).toMatchObject({ images: 2, knownImages: 1 })
  expect(waiting()).toEqual([])
})

describe('a cluster', () => {
  test('that refuses keeps what it ran, and says what is missing', async () => {
    api.pods = [pod('web', image(1))]
    await listed()
    api.refuseWith = 403
    const { error, listedAt } = await listed()
    expect(error).toMatch(/needs the verb "list" on "pods"/)
    expect(listedAt).not.toBeNull()
    expect(running()).toHaveLength(1)
    api.refuseWith = null
    expect(await listed()).toMatchObject({ error: null })
  })

  test('that is away, or not in the kubeconfig, says so', async () => {
    expect(await listed('staging')).toMatchObject({
      name: 'staging',
      error: expect.stringMatching(/no context "staging"/),
    })
    await api.stop()
    const [, away] = [await listed(), listClusters(db).find(({ name }) => name === 'production')]
    expect(away?.error).toMatch(/could not be asked for its pods \(ECONNREFUSED\)/)
  })

  test('whose kubeconfig is not there, or none, says which file, and what to do', async () => {
    vi.stubEnv('KUBECONFIG', join(folder, 'none'))
    expect((await listed()).error).toMatch(/^The kubeconfig .*none is not there\. .*KUBECONFIG.*--kubernetes/)
    await writeFile(join(folder, 'broken'), '{')
    vi.stubEnv('KUBECONFIG', join(folder, 'broken'))
    expect((await listed()).error).toContain('cannot be parsed')
    vi.stubEnv('KUBECONFIG', '')
    vi.stubEnv('HOME', folder)
    expect((await listed()).error).toContain('There is no kubeconfig: ')
  })

  test('that is watched no more is forgotten with what it ran', async () => {
    api.pods = [pod('web', image(1))]
    await listed()
    await watching?.stop()
    watching = watchCluster(null, {
      db,
      events: createEventBus(),
      log: pino({ level: 'silent' }),
      wakeRunner: () => undefined,
    })
    await until('the cluster is forgotten', () => listClusters(db).length === 0)
    expect(running()).toEqual([])
  })
})

test.each([
  [`docker.io/library/nginx@${madeDigest(1)}`, 'registry-1.docker.io', 'library/nginx'],
  [`docker-pullable://nginx@${madeDigest(1)}`, 'registry-1.docker.io', 'library/nginx'],
  [`localhost:5000/a/b@${madeDigest(1)}`, 'localhost:5000', 'a/b'],
  [`registry.example:443/a@${madeDigest(1)}`, 'registry.example', 'a'],
])('%s was pulled from %s', (imageId, at, repository) => {
  expect(pulledImage(imageId)).toEqual({ host: at, repository, digest: madeDigest(1) })
})

test.each([madeDigest(1), `docker://${madeDigest(1)}`, '', '@', 'a@sha256:12', `x/../y@${madeDigest(1)}`])(
  '"%s" leads to no manifest',
  imageId => {
    expect(pulledImage(imageId)).toBeNull()
  },
)
