import type { ScopeTree } from '@plimsoll/types'
import { type Asked, actionGroup, Misuse, NotDone } from './action.ts'

const under = { under: { value: 'ID', about: 'the management group to put it in (default tenant)' } } as const
const idHelp = `ID is a management group's or a subscription's. Where both have it, write group/ID or subscription/ID.`

/** `plimsoll scopes`: management groups and subscriptions. */
export const scopesCommand = actionGroup('scopes', 'Management groups, subscriptions and registries', {
  tree: {
    about: 'show what is under what',
    usage: '',
    async run({ api, list }) {
      const tree = await api.scopes.tree.query()
      list(linesOf(tree, null, 0), ['SCOPE', 'ID', 'KIND', 'PLAN'], one => [
        '  '.repeat(one.depth) + one.name,
        one.id,
        one.kind,
        one.plan,
      ])
    },
  },
  'create-group': {
    about: 'make a management group',
    usage: 'NAME',
    flags: under,
    async run({ api, argument, text, say }) {
      const input = { name: argument(0, 'management group'), parentId: text('under') }
      say((await api.scopes.createGroup.mutate(input)).id)
    },
  },
  'create-subscription': {
    about: 'make a subscription, whose plan is on',
    usage: 'NAME',
    flags: under,
    async run({ api, argument, text, say }) {
      const input = { name: argument(0, 'subscription'), managementGroupId: text('under') }
      say((await api.subscriptions.create.mutate(input)).id)
    },
  },
  move: {
    about: 'put a management group or a subscription under another management group',
    usage: 'ID GROUP',
    more: idHelp,
    async run(asked) {
      const { kind, id } = await scopeNamed(asked)
      const target = asked.argument(1, 'management group to move it to')
      if (kind === 'group') await asked.api.scopes.moveGroup.mutate({ id, parentId: target })
      else await asked.api.subscriptions.move.mutate({ id, managementGroupId: target })
    },
  },
  rename: {
    about: 'rename a management group or a subscription',
    usage: 'ID NAME',
    more: idHelp,
    async run(asked) {
      const { kind, id } = await scopeNamed(asked)
      const input = { id, name: asked.argument(1, 'new name') }
      if (kind === 'group') await asked.api.scopes.renameGroup.mutate(input)
      else await asked.api.subscriptions.rename.mutate(input)
    },
  },
  delete: {
    about: 'delete a management group or a subscription that is empty',
    usage: 'ID',
    more: idHelp,
    async run(asked) {
      const { kind, id } = await scopeNamed(asked)
      if (kind === 'group') await asked.api.scopes.deleteGroup.mutate({ id })
      else await asked.api.subscriptions.delete.mutate({ id })
    },
  },
})

interface Line {
  readonly depth: number
  readonly kind: 'group' | 'subscription' | 'registry'
  readonly id: string
  readonly name: string
  readonly plan: string | null
}

function linesOf(tree: ScopeTree, parentId: string | null, depth: number): Line[] {
  const lines: Line[] = []
  for (const { id, name } of tree.groups.filter(group => group.parentId === parentId)) {
    lines.push({ depth, kind: 'group', id, name, plan: null }, ...linesOf(tree, id, depth + 1))
    for (const one of tree.subscriptions.filter(({ managementGroupId }) => managementGroupId === id)) {
      lines.push({ depth: depth + 1, kind: 'subscription', id: one.id, name: one.name, plan: one.plan })
      for (const registry of tree.registries.filter(({ subscriptionId }) => subscriptionId === one.id))
        lines.push({ depth: depth + 2, kind: 'registry', id: registry.id, name: registry.name, plan: null })
    }
  }
  return lines
}

async function scopeNamed({ api, argument }: Asked): Promise<{ kind: 'group' | 'subscription'; id: string }> {
  const given = argument(0, 'management group or subscription')
  const [, prefix, rest] = /^(group|subscription)\/(.+)$/.exec(given) ?? []
  if (rest !== undefined) return { kind: prefix === 'group' ? 'group' : 'subscription', id: rest }
  const { groups, subscriptions } = await api.scopes.tree.query()
  const isGroup = groups.some(({ id }) => id === given)
  const isSubscription = subscriptions.some(({ id }) => id === given)
  if (isGroup && isSubscription)
    throw new Misuse(
      `"${given}" is a management group and a subscription: write group/${given} or subscription/${given}`,
    )
  if (!isGroup && !isSubscription)
    throw new NotDone(
      `There is no management group and no subscription ${given}. "plimsoll scopes tree" lists them by their ids.`,
    )
  return { kind: isGroup ? 'group' : 'subscription', id: given }
}
