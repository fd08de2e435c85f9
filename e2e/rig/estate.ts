import { rm } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { type Packages, packagedImage } from '../../apps/server/testdata/packaged-image.ts'
import { pushImage } from '../../apps/server/testdata/push-image.ts'
import {
  type DockerRegistry,
  startDockerRegistry,
} from '../../packages/engine/registry/testdata/docker-registry.ts'
import { advisoryPlace } from './advisory-place.ts'
import { type PlimsollServer, startPlimsoll } from './plimsoll-server.ts'
import { becomeFirstAdmin } from './steps.ts'

const openssl: Packages = { openssl: '3.0.15-1~deb12u1' }
const expat: Packages = { expat: '2.5.0-1' }
const rsync: Packages = { rsync: '3.2.7-1' }
const perl: Packages = { perl: '5.36.0-7' }

interface Planned {
  readonly name: string
  /** The group it is in; null: the tenant. */
  readonly under: string | null
  readonly registry: string
  /** By repository: what is in each image of it. */
  readonly images: Readonly<Record<string, readonly Packages[]>>
}

/** Subscriptions, where each is, and what the images of its one registry hold. */
const subscriptions: readonly Planned[] = [
  {
    name: 'Line 1',
    under: 'Hall 7',
    registry: 'presses',
    images: { 'press/feed': [{ ...openssl, ...expat }], 'press/stamp': [rsync, { zlib: '1:1.2.13' }] },
  },
  { name: 'Line 2', under: 'Hall 7', registry: 'ovens', images: { 'oven/heat': [{ ...expat, ...perl }] } },
  { name: 'Shop', under: null, registry: 'tills', images: { 'till/sell': [openssl, rsync, perl] } },
]

/** A tenant of several subscriptions, in groups and not, with images of known findings in a registry of each. */
export interface Estate {
  readonly plimsoll: PlimsollServer
  readonly page: Page
  /** Asks the API, as the one who is signed in. */
  ask<Answer>(query: string, input?: object): Promise<Answer>
  tell<Answer>(mutation: string, input: object): Promise<Answer>
  /** Ids by name: of groups, subscriptions and registries. */
  readonly ids: ReadonlyMap<string, string>
  readonly registries: ReadonlyMap<string, DockerRegistry>
  stop(): Promise<void>
}

export async function startEstate(page: Page): Promise<Estate> {
  const advisories = await advisoryPlace()
  const plimsoll = await startPlimsoll(['--empty', '--advisories', advisories])
  const api = `${plimsoll.url}/api/trpc`
  await becomeFirstAdmin(page, plimsoll)
  const answerOf = async <Answer>(response: { text(): Promise<string>; ok(): boolean }): Promise<Answer> => {
    const text = await response.text()
    expect(response.ok(), text).toBe(true)
    return (JSON.parse(text) as { result: { data: Answer } }).result.data
  }
  const ask = async <Answer>(query: string, input: object = {}) =>
    answerOf<Answer>(
      await page.request.get(`${api}/${query}?input=${encodeURIComponent(JSON.stringify(input))}`),
    )
  const tell = async <Answer>(mutation: string, input: object) =>
    answerOf<Answer>(
      await page.request.post(`${api}/${mutation}`, { headers: { origin: plimsoll.url }, data: input }),
    )
  const ids = new Map<string, string>()
  const make = async (name: string, mutation: string, input: object) => {
    const { id } = await tell<{ id: string }>(mutation, { name, ...input })
    ids.set(name, id)
    return id
  }
  const plants = await make('Plants', 'scopes.createGroup', {})
  await make('Hall 7', 'scopes.createGroup', { parentId: plants })
  await make('Lab', 'subscriptions.create', {})
  const registries = new Map<string, DockerRegistry>()
  for (const { name, under, registry: registryName, images } of subscriptions) {
    const place = under === null ? {} : { managementGroupId: ids.get(under) }
    const subscriptionId = await make(name, 'subscriptions.create', place)
    const registry = await startDockerRegistry()
    registries.set(registryName, registry)
    for (const [repository, contents] of Object.entries(images)) {
      for (const [index, packages] of contents.entries()) {
        await pushImage(registry.url, repository, `${index + 1}.0`, packagedImage([packages], repository))
      }
    }
    await make(registryName, 'registries.connect', {
      address: registry.url,
      allowPlainHttp: true,
      subscriptionId,
    })
  }
  const expected = subscriptions.flatMap(({ images }) => Object.values(images).flat()).length
  await expect(async () => {
    const { states } = await ask<{ states: { done: number } }>('scans.list')
    expect(states.done).toBe(expected)
  }).toPass({ timeout: 60_000 })
  return {
    plimsoll,
    page,
    ask,
    tell,
    ids,
    registries,
    async stop() {
      await plimsoll.stop()
      for (const registry of registries.values()) await registry.stop()
      await rm(advisories, { recursive: true })
    },
  }
}
