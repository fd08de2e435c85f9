import type { FindingState, Health, Plan } from '@plimsoll/types'
import { type Finding, type Image, type Repository, type RulesInPlace, type World, contentOf, fleetOf, planOf, rulesInPlace, tagsOf } from './world.ts'

/** An image of a connected registry as it is to be shown, and what was ever found in it. */
export interface SeenImage {
  readonly image: Image
  readonly repository: Repository
  readonly subscription: string
  readonly plan: Plan
  readonly tags: readonly string[]
  /** It is there, and nothing took its place. */
  readonly isCurrent: boolean
  readonly health: Health
  readonly findings: readonly SeenFinding[]
  readonly rules: RulesInPlace
  /** diffIDs of the layers of its base. */
  readonly base: ReadonlySet<string>
}

export interface SeenFinding {
  readonly finding: Finding
  readonly state: FindingState
  /** The ids of the rules that hold for it there, whatever its state. */
  readonly rules: readonly string[]
}

export function seenImages(world: World): SeenImage[] {
  const fleet = fleetOf(world)
  const connected = [...world.repositories.values()].filter(({ registry }) => world.registries.get(registry)?.removed === false)
  const stacks = stacksIn(world, connected)
  return connected.flatMap(repository =>
    [...repository.images.values()].map((image): SeenImage => {
      const rules = rulesInPlace(world, fleet, repository, image.digest)
      const findings = [...image.findings.values()].map((finding): SeenFinding => {
        const own = rules.of(finding.match)
        const isDisabled = finding.state !== 'closed' && own.length > 0
        return { finding, state: isDisabled ? 'disabled' : finding.state, rules: own }
      })
      const { plan, id: subscription } = planOf(world, repository.registry)
      return {
        image,
        repository,
        subscription,
        plan,
        tags: tagsOf(world, repository, image.digest),
        isCurrent: image.deletedAt === null && image.supersededAt === null,
        health: healthOf(image, findings),
        findings,
        rules,
        base: baseOf(world, image, stacks),
      }
    }),
  )
}

function healthOf({ deletedAt, supersededAt, coverage, failed }: Image, findings: readonly SeenFinding[]): Health {
  if (deletedAt !== null || supersededAt !== null) return 'not-applicable'
  const states = new Set(findings.filter(isSecurity).map(({ state }) => state))
  if (states.has('open')) return 'unhealthy'
  if (coverage === null) return failed ? 'failed' : 'not-scanned'
  if (coverage.status === 'not-applicable') return 'not-applicable'
  return coverage.status === 'partial' || states.has('undetermined') ? 'undecided' : 'healthy'
}

export const isSecurity = ({ finding }: SeenFinding): boolean => finding.match.class === 'security'

/** diffIDs, as far as they are known. */
export const layersIn = (world: World, { digest, isRead }: Image): string[] => {
  const content = contentOf(world, digest)
  return isRead && content?.kind === 'image' ? content.layers.map(({ diffId }) => diffId) : []
}

/** The whole stacks of images that are there, superseded or not. */
const stacksIn = (world: World, repositories: readonly Repository[]): Set<string> =>
  new Set(
    repositories
      .flatMap(({ images }) => [...images.values()])
      .filter(({ deletedAt }) => deletedAt === null)
      .map(image => layersIn(world, image).join(' ')),
  )

/** The longest beginning of its stack, short of the whole, that is the whole stack of another. */
function baseOf(world: World, image: Image, stacks: ReadonlySet<string>): Set<string> {
  const layers = layersIn(world, image)
  for (let depth = layers.length - 1; depth > 0; depth -= 1) {
    const beginning = layers.slice(0, depth)
    if (stacks.has(beginning.join(' '))) return new Set(beginning)
  }
  return new Set()
}
