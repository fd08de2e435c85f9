import { advisoryIndex } from '@plimsoll/engine'
import { vi } from 'vitest'
import { newDisableRuleSchema } from '@plimsoll/types'
import type { RegistryEvent } from '../../intake/event.ts'
import type { EventFacts } from '../../testdata/registry-event.ts'
import { startsAt } from './contents.ts'
import { deleteDigest, takeEvent } from './events.ts'
import { importFrom, isLacking, newPlace, publish } from './place.ts'
import { dayOfRegistries } from './recount.ts'
import { eventsOf, factsOf, newRegistryDouble, push, remove } from './registry-double.ts'
import { matchAgain, scanAll } from './scans.ts'
import { startParts } from './server-parts.ts'
import type { Fleet, Place, RegistryId, Step, Telling } from './steps.ts'
import { type Queue, settle as settleIn } from './superseding.ts'
import { dayIn, newRegistry, newWorld, planOf, type Rule, timeIn } from './world.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A fleet while it is played. */
export type Played = Awaited<ReturnType<typeof begin>>

/** Has the steps happen to the server's parts and in memory. @param look called after each of them. */
export async function play(fleet: Fleet, look: (played: Played, step: Step, isLast: boolean) => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'] })
  const played = await begin(fleet)
  try {
    for (const step of fleet.steps) {
      await played.take(step)
      await look(played, step, step === fleet.steps.at(-1))
    }
  } finally {
    await played.parts.stop()
    vi.useRealTimers()
  }
}

async function begin({ pool }: Fleet) {
  const double = newRegistryDouble()
  vi.setSystemTime(startsAt)
  const parts = startParts(pool, double)
  const place = newPlace(parts.place)
  const world = newWorld(pool, advisoryIndex([]))
  const { api } = parts
  for (const [id, parentId] of world.groups) await api.scopes.createGroup({ name: id, parentId })
  for (const [id, { group }] of world.subscriptions) {
    await api.subscriptions.create({ name: id, managementGroupId: group })
  }
  for (const { id, subscription } of world.registries.values()) parts.connect(id as RegistryId, subscription)
  await parts.takeSnapshot()
  world.days.set(dayIn(world), dayOfRegistries(world))

  const pass = (ms: number): void => {
    world.now += ms
    vi.setSystemTime(world.now)
  }
  const keyOf = ({ registry, repository }: Place): string => `${registry} ${repository}`
  const isConnected = (registry: string): boolean => world.registries.get(registry)?.removed === false
  const pickOf = <T>(from: Iterable<T> | undefined, pick: number): T | undefined => {
    const all = [...(from ?? [])]
    return all[pick % all.length]
  }
  const contentAt = (number: number) => pool[number % pool.length] ?? pool[0]

  /** What the registry tells now takes effect, with all that it leads to. */
  const tell = async (registry: RegistryId, events: readonly RegistryEvent[]): Promise<void> => {
    await parts.tell(registry, events)
    const told = events.filter(({ id }) => !known.has(`${registry} ${id}`))
    for (const { id } of told) known.add(`${registry} ${id}`)
    const queue = told.flatMap(event => takeEvent(world, registry, event))
    await settle(queue)
  }
  const known = new Set<string>()

  const happened = async ({ registry, repository }: Place, facts: readonly EventFacts[], telling: Telling): Promise<void> => {
    const events = eventsOf(
      facts.map(fact => ({ ...fact, repository })),
      timeIn(world),
    )
    pass(events.length * 1000)
    const untold = double.untold.getOrInsertComputed(registry, () => [])
    if (telling !== 'now') untold.push(...events)
    if (telling !== 'later') await tell(registry, events)
  }

  const settle = async (queue: Queue = []): Promise<void> => {
    await parts.settled()
    scanAll(world, queue, double)
    if (isLacking(world, place)) importFrom(world, place)
    matchAgain(world)
  }

  const endOf = (days: number | null): string | null =>
    days === null ? null : new Date(world.now + days * day - 1000).toISOString()
  const isRefused = async (asked: Promise<unknown>): Promise<boolean> =>
    await asked.then(
      () => false,
      () => true,
    )

  /** Whatever happened, nothing is left that something took the place of. */
  async function take(step: Step): Promise<void> {
    await carryOut(step)
    for (const repository of world.repositories.values()) settleIn(world, repository)
  }

  async function carryOut(step: Step): Promise<void> {
    pass(minute)
    switch (step.do) {
      case 'push': {
        const content = contentAt(step.content)
        if (content === undefined || !isConnected(step.place.registry)) return
        await happened(step.place, push(double, keyOf(step.place), content, step.tag), step.telling)
        return
      }
      case 'pull':
      case 'delete': {
        const digest = pickOf(double.manifests.get(keyOf(step.place)), step.pick)
        const content = pool.find(one => one.digest === digest)
        if (content === undefined || !isConnected(step.place.registry)) return
        if (step.do === 'delete') remove(double, keyOf(step.place), content.digest)
        await happened(step.place, [{ ...factsOf(content), action: step.do }], step.telling)
        return
      }
      case 'untag': {
        const tags = double.tags.get(keyOf(step.place))
        const tag = pickOf(tags?.keys(), step.pick)
        if (tag === undefined || !isConnected(step.place.registry)) return
        tags?.delete(tag)
        await happened(step.place, [{ action: 'delete', tag }], step.telling)
        return
      }
      case 'tell': {
        const untold = double.untold.get(step.registry) ?? []
        const first = step.first % Math.max(untold.length, 1)
        double.untold.delete(step.registry)
        await tell(step.registry, [...untold.slice(first), ...untold.slice(0, first)])
        return
      }
      case 'watch': {
        const registry = world.registries.get(step.registry)
        if (registry === undefined || registry.removed) return
        await api.registries.change({ registryId: step.registry, repositories: [...step.repositories] })
        registry.watched = step.repositories
        return
      }
      case 'request':
      case 'delete-here': {
        const repository = world.repositories.get(keyOf(step.place))
        const image = pickOf(repository?.images.values(), step.pick)
        if (repository === undefined || image === undefined || !isConnected(step.place.registry)) return
        const { digest } = image
        const name = { registryId: step.place.registry, repository: step.place.repository, digest }
        if (step.do === 'request') {
          const refused = await isRefused(api.scans.request(name))
          const { plan } = planOf(world, step.place.registry)
          if (refused !== (plan === 'off')) throw new Error(`a request with the plan ${plan} was ${refused ? '' : 'not '}refused`)
          await settle(refused ? [] : [{ repository, digest, isRequest: true }])
          return
        }
        if (image.deletedAt !== null) return
        await api.images.delete(name)
        deleteDigest(world, repository, digest, { eventAt: null, by: 'Ada' })
        await settle()
        return
      }
      case 'import':
        await publish(place, step.edition)
        await parts.importAll()
        importFrom(world, place)
        await settle()
        return
      case 'create-rule':
      case 'change-rule': {
        const rule = newDisableRuleSchema.parse({ ...step.rule, expiresAt: endOf(step.days) })
        const { kind, id } = rule.scope
        const changed = step.do === 'change-rule' ? world.rules[step.pick] : null
        if (changed === undefined || (kind === 'registry' && !isConnected(id))) return
        if (changed === null) world.rules.push({ id: (await api.rules.create(rule)).id, rule })
        else {
          await api.rules.change({ ...rule, id: changed.id })
          changed.rule = rule
        }
        return
      }
      case 'delete-rule': {
        const rule = world.rules[step.pick]
        if (rule === undefined) return
        await api.rules.delete({ id: rule.id })
        world.rules = world.rules.filter(one => one !== rule)
        return
      }
      case 'sleep': {
        const before = dayIn(world)
        pass(step.hours * hour)
        await parts.timePassed()
        if (dayIn(world) !== before) await parts.newDay()
        await settle()
        return
      }
      case 'move-registry': {
        const registry = world.registries.get(step.registry)
        if (registry === undefined || registry.removed) return
        await api.registries.change({ registryId: step.registry, subscriptionId: step.to })
        registry.subscription = step.to
        await settle()
        return
      }
      case 'move-subscription': {
        const subscription = world.subscriptions.get(step.subscription)
        if (subscription === undefined) return
        await api.subscriptions.move({ id: step.subscription, managementGroupId: step.to })
        subscription.group = step.to
        await settle()
        return
      }
      case 'move-group': {
        for (let above: string | undefined = step.to; above !== undefined; above = world.groups.get(above)) {
          if (above === step.group) return
        }
        await api.scopes.moveGroup({ id: step.group, parentId: step.to })
        world.groups.set(step.group, step.to)
        await settle()
        return
      }
      case 'plan': {
        const subscription = world.subscriptions.get(step.subscription)
        if (subscription === undefined) return
        await api.subscriptions.setPlan({ id: step.subscription, plan: step.plan })
        subscription.plan = step.plan
        await settle()
        return
      }
      case 'push-trigger': {
        const subscription = world.subscriptions.get(step.subscription)
        if (subscription === undefined) return
        const triggers = { push: step.set, pull: true, import: true, running: true }
        await api.subscriptions.configure({ id: step.subscription, settings: { triggers } })
        subscription.push = step.set
        return
      }
      case 'remove-registry': {
        const registry = world.registries.get(step.registry)
        if (registry === undefined || registry.removed) return
        await api.registries.remove({ registryId: step.registry })
        registry.removed = true
        const isOf = ({ rule: { scope } }: Rule): boolean => scope.kind === 'registry' && scope.id === step.registry
        world.rules = world.rules.filter(rule => !isOf(rule))
        double.untold.delete(step.registry)
        await settle()
        return
      }
      case 'connect-registry':
        if (world.registries.has(step.registry)) return
        parts.connect(step.registry, 's1')
        world.registries.set(step.registry, newRegistry(step.registry, 's1'))
        return
      case 'sweep':
        await parts.sweep()
        for (const [id, { removed }] of world.registries) {
          if (!removed) continue
          world.registries.delete(id)
          for (const [key, { registry }] of world.repositories) if (registry === id) world.repositories.delete(key)
          for (const key of known) if (key.startsWith(`${id} `)) known.delete(key)
          for (const key of double.manifests.keys()) if (key.startsWith(`${id} `)) double.manifests.delete(key)
          for (const key of double.tags.keys()) if (key.startsWith(`${id} `)) double.tags.delete(key)
        }
        return
      case 'snapshot':
        await parts.takeSnapshot()
        world.days.set(dayIn(world), dayOfRegistries(world))
        return
    }
  }
  return { parts, world, take }
}
