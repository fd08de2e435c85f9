import { type RuleScope, type Scope, tenantId } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

type Node = Pick<RuleScope, 'kind' | 'id'>

/** The one node of the tree that everything in a scope is in, and nothing narrower: the node itself, where it is one. */
export function nearestAround(db: Db, { kind, ids }: Scope): Node {
  const paths = ids.map(id => pathTo(db, kind, id))
  const [first = []] = paths
  const shared = first.filter((node, depth) =>
    paths.every(path => path[depth]?.kind === node.kind && path[depth].id === node.id),
  )
  return shared.at(-1) ?? { kind: 'tenant', id: tenantId }
}

/** The nodes from the tenant down to this one. */
function pathTo(db: Db, kind: RuleScope['kind'], id: string): Node[] {
  if (kind === 'registry') {
    const subscription = prepared(db, 'select subscription_id from registry where id = ?').pluck().get(id)
    return [...pathTo(db, 'subscription', subscription as string), { kind, id }]
  }
  if (kind === 'subscription') {
    const group = prepared(db, 'select management_group_id from subscription where id = ?').pluck().get(id)
    return [...pathTo(db, 'management-group', group as string), { kind, id }]
  }
  if (id === tenantId) return [{ kind: 'tenant', id }]
  const parent = prepared(db, 'select parent_id from management_group where id = ?').pluck().get(id)
  return [...pathTo(db, 'management-group', (parent as string | undefined) ?? tenantId), { kind, id }]
}
