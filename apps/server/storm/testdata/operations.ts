import type { MadeImage } from '../../../../packages/engine/registry/testdata/made-image.ts'
import { packagedImage } from '../../testdata/packaged-image.ts'

/** What people do with a registry; the same for the same seed. Images are numbers in the pool. */
export type Operation =
  | { readonly do: 'push' | 'retag'; readonly repository: string; readonly tag: string; readonly image: number }
  | { readonly do: 'pull' | 'delete'; readonly repository: string; readonly image: number }
  /** Deleted, and pushed again at once. */
  | { readonly do: 'repush'; readonly repository: string; readonly tag: string; readonly image: number }

export interface PoolImage {
  readonly image: MadeImage
  readonly digest: string
  /** Of the made advisories those that concern it. */
  readonly cves: readonly string[]
}

const repositories = ['team/api', 'team/web', 'team/batch', 'shop/cart', 'shop/pay']
const tags = ['latest', '1.0', '1.1', '2.0']

/** Advisories of what the pool's images have installed. */
export const advisories = [
  { cve: 'CVE-2024-0001', name: 'openssl', fixed: '3.0.13-1' },
  { cve: 'CVE-2024-0002', name: 'curl', fixed: '7.88.2' },
  { cve: 'CVE-2024-0003', name: 'curl', fixed: null },
] as const

/** Numbers from 0 up to, not including, 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function makePool(size: number): PoolImage[] {
  return Array.from({ length: size }, (_, number) => {
    const openssl = number % 2 === 0 ? '3.0.11-1' : '3.0.13-1'
    const curl = [null, '7.88.1', '7.88.2'][number % 3] ?? null
    const installed = { openssl, zlib1g: '1:1.2.13', ...(curl === null ? {} : { curl }) }
    const image = packagedImage([installed], `storm ${number}`)
    const cves = [
      ...(openssl === '3.0.11-1' ? ['CVE-2024-0001'] : []),
      ...(curl === '7.88.1' ? ['CVE-2024-0002'] : []),
      ...(curl === null ? [] : ['CVE-2024-0003']),
    ]
    return { image, digest: image.manifest.digest, cves }
  })
}

/** Operations that a registry accepts in this order: what is deleted, pulled or tagged is there. */
export function makeOperations(seed: number, count: number, poolSize: number): Operation[] {
  const random = randomOf(seed)
  const pick = <T>(from: readonly T[]): T => {
    const picked = from[Math.floor(random() * from.length)]
    if (picked === undefined) throw new Error('there is nothing to pick from')
    return picked
  }
  const present = new Map(repositories.map(name => [name, new Set<number>()]))
  const pool = Array.from({ length: poolSize }, (_, number) => number)
  return Array.from({ length: count }, () => {
    const repository = pick(repositories)
    const there = present.get(repository) ?? new Set()
    const chance = random()
    const tag = pick(tags)
    if (there.size === 0 || chance < 0.4) {
      const image = pick(pool)
      there.add(image)
      return { do: 'push', repository, tag, image }
    }
    const image = pick([...there])
    if (chance < 0.55) return { do: 'retag', repository, tag, image }
    if (chance < 0.75) return { do: 'pull', repository, image }
    if (chance < 0.85) return { do: 'repush', repository, tag, image }
    there.delete(image)
    return { do: 'delete', repository, image }
  })
}
