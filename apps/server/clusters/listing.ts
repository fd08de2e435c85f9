import type { V1Pod } from '@kubernetes/client-node'
import { type PulledImage, pulledImage } from './image-id.ts'

/** What a cluster runs: images by where they were pulled from, each with what runs it. */
export interface Listing {
  readonly pods: number
  /** Different images, those among them that lead to no registry. */
  readonly images: number
  readonly pulled: readonly (PulledImage & { readonly workloads: readonly string[] })[]
}

/** One page of the list of pods. */
export interface PodPage {
  readonly pods: readonly V1Pod[]
  /** Asks for the next page; null on the last. */
  readonly next: string | null
}

const maxWorkloads = 20
/** A million pods at 500 a page: a server that goes on for ever is not listened to for ever. */
const maxPages = 2000

/** The list of pods cannot be had. The message is for people. */
export class ListingFailed extends Error {
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options)
    this.name = 'ListingFailed'
  }
}

/**
 * Goes through all pages and takes down what runs.
 * @param page asks for one page; answers `expired` when the list that `next` belongs to is no longer kept (HTTP 410),
 *   which is then begun anew.
 */
export async function takeListing(
  page: (next: string | null) => Promise<PodPage | 'expired'>,
): Promise<Listing> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const listing = await throughAllPages(page)
    if (listing !== 'expired') return listing
  }
  throw new ListingFailed('The cluster forgets its list of pods faster than it can be read.')
}

async function throughAllPages(
  page: (next: string | null) => Promise<PodPage | 'expired'>,
): Promise<Listing | 'expired'> {
  const running = new Map<string, Set<string>>()
  let pods = 0
  let next: string | null = null
  for (let number = 0; number < maxPages; number++) {
    const answer: PodPage | 'expired' = await page(next)
    if (answer === 'expired') return 'expired'
    for (const pod of answer.pods) {
      pods += 1
      const workload = workloadOf(pod)
      for (const imageId of imageIdsOf(pod)) {
        const workloads = running.getOrInsertComputed(imageId, () => new Set())
        if (workloads.size < maxWorkloads) workloads.add(workload)
      }
    }
    next = answer.next
    if (next === null) return { pods, images: running.size, pulled: pulledOf(running) }
  }
  throw new ListingFailed('The cluster’s list of pods does not end.')
}

/** The same image under two spellings of its id is one. */
function pulledOf(running: ReadonlyMap<string, ReadonlySet<string>>): Listing['pulled'] {
  const byPlace = new Map<string, PulledImage & { workloads: string[] }>()
  for (const [imageId, workloads] of running) {
    const image = pulledImage(imageId)
    if (image === null) continue
    const key = `${image.host}/${image.repository}@${image.digest}`
    const known = byPlace.getOrInsertComputed(key, () => ({ ...image, workloads: [] }))
    known.workloads = [...new Set([...known.workloads, ...workloads])].slice(0, maxWorkloads)
  }
  return [...byPlace.values()]
}

function imageIdsOf({ status }: V1Pod): string[] {
  const containers = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ]
  return containers.map(({ imageID }) => imageID).filter(id => typeof id === 'string' && id !== '')
}

/** `namespace/kind/name` of what runs a pod; a Deployment's name is that of its ReplicaSet without the template's hash. */
function workloadOf({ metadata }: V1Pod): string {
  const namespace = metadata?.namespace ?? ''
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true)
  if (owner === undefined) return `${namespace}/Pod/${metadata?.name ?? ''}`
  const hash = metadata?.labels?.['pod-template-hash']
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return `${namespace}/Deployment/${owner.name.slice(0, -hash.length - 1)}`
  }
  return `${namespace}/${owner.kind}/${owner.name}`
}
