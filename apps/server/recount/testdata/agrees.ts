import type { Scope } from '@plimsoll/types'
import { expect } from 'vitest'
import { randomOf } from '../../storm/testdata/operations.ts'
import { agreesOnFinding, agreesOnFindings } from './agrees-on-findings.ts'
import { agreesOnImage, agreesOnImages, agreesOnPackages } from './agrees-on-images.ts'
import { agreesOnRegistries, agreesOnRepositories, agreesOnTree } from './agrees-on-places.ts'
import { agreesOnNotices, agreesOnRules } from './agrees-on-rules.ts'
import {
  agreesOnChecks,
  agreesOnOverview,
  agreesOnRaises,
  agreesOnRecommendation,
  agreesOnTrend,
} from './agrees-on-totals.ts'
import type { Asked } from './asked.ts'
import type { Played } from './play.ts'
import { recount } from './recount.ts'
import type { Step } from './steps.ts'
import type { World } from './world.ts'

type Question = (asked: Asked) => Promise<void>

const questions: readonly Question[] = [
  agreesOnOverview,
  agreesOnRecommendation,
  agreesOnChecks,
  agreesOnTrend,
  agreesOnRaises,
  agreesOnRegistries,
  agreesOnRepositories,
  agreesOnTree,
  agreesOnImages,
  agreesOnImage,
  agreesOnPackages,
  agreesOnFindings,
  agreesOnFinding,
  agreesOnRules,
  agreesOnNotices,
]

/**
 * Holds what the API answers against a recount from the facts: after each step a few questions, about everything or a
 * scope; after the last one all, about both.
 */
export async function agrees({ parts, world }: Played, { look }: Step, isLast: boolean): Promise<void> {
  expectAtRest(parts.db.$client)
  const random = randomOf(look)
  const pick: Asked['pick'] = from => from[Math.floor(random() * from.length)]
  const everything = recount(world)
  const ask = async (question: Question, scope: Scope | undefined): Promise<void> => {
    const count = scope === undefined ? everything : recount(world, scope)
    await question({ api: parts.api, world, scope, count, pick })
  }
  if (isLast) {
    for (const question of questions) for (const scope of [undefined, scopeIn(world, pick)]) await ask(question, scope)
    return
  }
  await ask(agreesOnRegistries, undefined)
  for (const question of [agreesOnFindings, pick(questions)]) {
    if (question !== undefined) await ask(question, random() < 0.5 ? undefined : scopeIn(world, pick))
  }
}

/** Nothing is left that would change what is answered. */
function expectAtRest(client: Played['parts']['db']['$client']): void {
  const left = client
    .prepare(
      `select (select count(*) from event_inbox) events, (select count(*) from rematch) rematches,
         (select count(*) from advisory_change) changes, (select count(*) from scan where state = 'running') scans`,
    )
    .get()
  expect(left).toEqual({ events: 0, rematches: 0, changes: 0, scans: 0 })
}

/** One or two of the nodes that are there. */
function scopeIn(world: World, pick: Asked['pick']): Scope | undefined {
  const connected = [...world.registries.values()].filter(({ removed }) => !removed)
  const nodes = {
    'management-group': ['tenant', ...world.groups.keys()],
    subscription: [...world.subscriptions.keys()],
    registry: connected.map(({ id }) => id),
  }
  const kind = pick(['management-group', 'management-group', 'subscription', 'registry'] as const) ?? 'subscription'
  const ids = [pick(nodes[kind]), pick(nodes[kind])].filter(id => id !== undefined)
  return ids.length === 0 ? undefined : { kind, ids: [...new Set(ids)] }
}
