import type { Coverage, Health, ImageCounts, Plan } from '@plimsoll/types'

/** Health of a resource that holds images, and why it is neither healthy nor unhealthy. */
export function healthOfResource(images: ImageCounts): { health: Health; healthReason: string | null } {
  if (images.unhealthy > 0) return { health: 'unhealthy', healthReason: null }
  const assessable = images.healthy + images.undecided + images.notScanned + images.failed
  if (assessable === 0) {
    return images.notApplicable === 0
      ? { health: 'not-scanned', healthReason: 'There is no image in it yet.' }
      : { health: 'not-applicable', healthReason: 'None of its images can be assessed.' }
  }
  if (images.healthy === assessable) return { health: 'healthy', healthReason: null }
  const healthReason = openPoints(images)
  if (images.failed === assessable) return { health: 'failed', healthReason }
  if (images.notScanned === assessable) return { health: 'not-scanned', healthReason }
  return { health: 'undecided', healthReason }
}

const planOffReason = 'The plan of its subscription is off.'

/** The same of a repository. One that was emptied had its images, and is not one that waits for its first. */
export function healthOfRepository(
  images: ImageCounts,
  { plan, emptied }: { plan: Plan; emptied: boolean },
): { health: Health; healthReason: string | null } {
  if (plan === 'off') return { health: 'not-applicable', healthReason: planOffReason }
  return emptied
    ? { health: 'not-applicable', healthReason: 'It holds no image now.' }
    : healthOfResource(images)
}

/**
 * The same of a registry. With the plan off it is not assessed, whatever was known of it before. One that never could be reached, because it is private or behind a firewall, is not
 * assessed and says why; one that worked before keeps its results.
 */
export function healthOfRegistry(
  images: ImageCounts,
  { plan, reached, trouble }: { plan: Plan; reached: boolean; trouble: string | null },
): { health: Health; healthReason: string | null } {
  if (plan === 'off') return { health: 'not-applicable', healthReason: planOffReason }
  const known = Object.values(images).some(count => count > 0)
  if (reached || known || trouble === null) return healthOfResource(images)
  return { health: 'not-applicable', healthReason: `It was never reached: ${trouble}` }
}

function openPoints({ undecided, notScanned, failed }: ImageCounts): string {
  const points = [
    undecided > 0 ? `${ofImages(undecided)} not judged to the end` : null,
    notScanned > 0 ? `${ofImages(notScanned)} not scanned yet` : null,
    failed > 0 ? `${ofImages(failed)} that could not be scanned` : null,
  ].filter(point => point !== null)
  return `Nothing is open, but not all is known: ${listed(points)}.`
}

const ofImages = (count: number): string => (count === 1 ? 'one image' : `${count} images`)

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

export interface ImageState {
  readonly health: Health
  readonly planOff: boolean
  readonly superseded: boolean
  /** `with-index`: not itself, but the last index that led to it. Null: it is there. */
  readonly deleted: 'itself' | 'with-index' | null
  readonly coverage: Pick<Coverage, 'reasons'> | null
  readonly undetermined: number
  readonly scannedAt: string | null
  readonly scan: { readonly state: string; readonly error: { readonly message: string } | null } | null
}

/** Why an image's health is what it is, where it does not speak for itself; or that the result shown is an old one. */
export function reasonOfImage({
  health,
  planOff,
  superseded,
  deleted,
  coverage,
  undetermined,
  scannedAt,
  scan,
}: ImageState): string | null {
  if (deleted === 'itself') return 'It was deleted from its registry.'
  if (deleted === 'with-index') return 'Its index was deleted; nothing else leads to it.'
  if (superseded) return 'Its last tag points to another image now, which is assessed in its place.'
  const failure = scan?.state === 'failed' ? (scan.error?.message ?? 'The scan failed.') : null
  if (health === 'failed') return failure ?? 'The scan failed.'
  if (health === 'not-scanned') return planOff ? planOffReason : waiting(scan?.state ?? null)
  const reasons = (coverage?.reasons ?? []).map(reason => reason.message)
  if (health === 'undecided' && undetermined > 0) {
    reasons.unshift(
      undetermined === 1
        ? 'Of one finding it cannot be told whether it holds.'
        : `Of ${undetermined} findings it cannot be told whether they hold.`,
    )
  }
  if (failure !== null) {
    reasons.unshift(
      `The newest scan failed, this is the result of ${scannedAt ?? 'an older one'}: ${failure}`,
    )
  }
  if (planOff) reasons.unshift(`${planOffReason} This is its last result.`)
  return reasons.length === 0 ? null : reasons.join(' ')
}

function waiting(state: string | null): string {
  if (state === 'queued') return 'It waits for its scan.'
  if (state === 'running') return 'It is being scanned.'
  return 'It was not scanned yet.'
}
