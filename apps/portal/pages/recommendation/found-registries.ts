import type { RegistrySummary } from '@plimsoll/types'

type Named = Pick<RegistrySummary, 'name' | 'subscription'>

/** The registries whose name, or that of their subscription, holds a text; whatever its case. */
export function foundRegistries<Registry extends Named>(
  registries: readonly Registry[],
  sought: string,
): readonly Registry[] {
  const text = sought.trim().toLowerCase()
  return registries.filter(({ name, subscription }) =>
    [name, subscription.name].some(each => each.toLowerCase().includes(text)),
  )
}
