import type { Operation, PoolImage } from './operations.ts'

/** How things stand, as far as it does not depend on when the server saw what. */
export interface EndState {
  /** `repository:tag digest`. */
  readonly tags: readonly string[]
  /** `repository@digest` and how it stands: `deleted`, or `complete`, `superseded`, `pulled`. */
  readonly occurrences: readonly string[]
  /** `repository@digest CVE state`. */
  readonly open: readonly string[]
  /** Digests that are there, each charged once. */
  readonly charged: readonly string[]
}

interface Repository {
  readonly tags: Map<string, string>
  readonly present: Set<string>
  readonly everPushed: Set<string>
  readonly pulled: Set<string>
  /** What took the last tag of a digest. */
  readonly replacedBy: Map<string, string>
}

/** What the operations lead to, worked out in the plainest way, of what a registry and decision 0002 say. */
export function modelOf(operations: readonly Operation[], pool: readonly PoolImage[]): EndState {
  const repositories = new Map<string, Repository>()
  const digestOf = (image: number): string => pool[image]?.digest ?? ''
  for (const operation of operations) {
    const state = repositories.getOrInsertComputed(operation.repository, emptyRepository)
    const digest = digestOf(operation.image)
    if (operation.do === 'pull') state.pulled.add(digest)
    if (operation.do === 'delete' || operation.do === 'repush') remove(state, digest)
    if (operation.do === 'push' || operation.do === 'retag' || operation.do === 'repush') {
      put(state, operation.tag, digest)
    }
  }
  const cvesOf = new Map(pool.map(({ digest, cves }) => [digest, cves]))
  const lists = { tags: [] as string[], occurrences: [] as string[], open: [] as string[], charged: [] as string[] }
  for (const [name, state] of repositories) {
    for (const [tag, digest] of state.tags) lists.tags.push(`${name}:${tag} ${digest}`)
    for (const digest of state.everPushed) {
      const where = `${name}@${digest}`
      const superseded = isSuperseded(state, digest)
      const words = state.present.has(digest)
        ? ['complete', ...(superseded ? ['superseded'] : []), ...(state.pulled.has(digest) ? ['pulled'] : [])]
        : ['deleted']
      lists.occurrences.push(`${where} ${words.join(' ')}`)
      if (!state.present.has(digest)) continue
      lists.charged.push(digest)
      if (superseded) continue
      for (const cve of cvesOf.get(digest) ?? []) lists.open.push(`${where} ${cve} open`)
    }
  }
  return {
    tags: lists.tags.toSorted(),
    occurrences: lists.occurrences.toSorted(),
    open: lists.open.toSorted(),
    charged: [...new Set(lists.charged)].toSorted(),
  }
}

const emptyRepository = (): Repository => ({
  tags: new Map(),
  present: new Set(),
  everPushed: new Set(),
  pulled: new Set(),
  replacedBy: new Map(),
})

function put(state: Repository, tag: string, digest: string): void {
  const old = state.tags.get(tag)
  state.tags.set(tag, digest)
  state.present.add(digest)
  state.everPushed.add(digest)
  state.replacedBy.delete(digest)
  const hasTag = [...state.tags.values()].includes(old ?? '')
  if (old !== undefined && !hasTag) state.replacedBy.set(old, digest)
}

function remove(state: Repository, digest: string): void {
  state.present.delete(digest)
  for (const [tag, its] of state.tags) if (its === digest) state.tags.delete(tag)
}

/** It lost its last tag to another, and of those that had the tag after it one is there. */
function isSuperseded(state: Repository, digest: string): boolean {
  if ([...state.tags.values()].includes(digest)) return false
  const seen = new Set<string>([digest])
  for (let by = state.replacedBy.get(digest); by !== undefined && !seen.has(by); by = state.replacedBy.get(by)) {
    if (state.present.has(by)) return true
    seen.add(by)
  }
  return false
}
