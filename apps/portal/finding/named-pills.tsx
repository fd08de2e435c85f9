import type { FindingFilter } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { trpc } from '../app/trpc.ts'
import { middleShortened, shortDigest } from '../lib/digest.ts'
import { instructionText } from '../lib/instruction.ts'
import { Pill } from '../ui/pill.tsx'
import { origins } from './finding-fields.ts'

interface NamedPillsProps {
  readonly filter: FindingFilter
  readonly within: Partial<FindingFilter>
  readonly set: (change: Partial<FindingFilter>) => void
}

/** Filters that links set and the query box takes: shown with the names people know, to be dropped. */
export function NamedPills({ filter, within, set }: NamedPillsProps) {
  const registries = useQuery({
    ...trpc.registries.list.queryOptions(),
    enabled: filter.registryId !== undefined && within.registryId === undefined,
  })
  const rule = useQuery({
    ...trpc.rules.get.queryOptions({ id: filter.ruleId ?? '' }),
    enabled: filter.ruleId !== undefined,
  })
  const subscriptions = useQuery({
    ...trpc.subscriptions.list.queryOptions(),
    enabled: filter.subscriptionId !== undefined,
  })
  const nameOf = (list: readonly { id: string; name: string }[] | undefined, id: string | undefined) =>
    list?.find(each => each.id === id)?.name ?? id
  const layer = useLayerName(filter)
  const pills: readonly [field: keyof FindingFilter, label: string, value: string | undefined][] = [
    ['subscriptionId', 'Subscription', nameOf(subscriptions.data, filter.subscriptionId)],
    ['registryId', 'Registry', nameOf(registries.data, filter.registryId)],
    ['repository', 'Repository', filter.repository],
    ['digest', 'Image', filter.digest && shortDigest(filter.digest)],
    ['layer', 'Layer', layer],
    ['origin', 'Origin', filter.origin && origins[filter.origin]],
    ['cve', 'CVE', filter.cve],
    ['feed', 'Release', filter.feed],
    ['securityCheck', 'Security check', filter.securityCheck],
    ['package', 'Package', filter.package],
    ['ruleId', 'Rule', rule.data?.name ?? filter.ruleId],
  ]
  return pills
    .filter(([field, , value]) => value !== undefined && within[field] === undefined)
    .map(([field, label, value]) => (
      <Pill key={field} label={label} value={value} onClear={() => set({ [field]: undefined })} />
    ))
}

/** The filter's layer as its image knows it, `2: RUN apt-get install curl`; its digest where that is not known. */
function useLayerName({ registryId, repository, digest, layer }: FindingFilter): string | undefined {
  const image = useQuery({
    ...trpc.images.get.queryOptions({
      registryId: registryId ?? '',
      repository: repository ?? '',
      digest: digest ?? '',
    }),
    enabled: [registryId, repository, digest, layer].every(value => value !== undefined),
  })
  if (layer === undefined) return undefined
  const layers = image.data?.layers ?? []
  const index = layers.findIndex(each => each.diffId === layer)
  const instruction = layers[index]?.createdBy
  if (index < 0) return shortDigest(layer)
  return instruction === undefined
    ? String(index + 1)
    : `${index + 1}: ${middleShortened(instructionText(instruction), 48)}`
}
