import { paths } from '../../app/paths.ts'

/** The tabs of affected registries, as the URL names them; the first is shown at first. */
export const registryTabs = ['unhealthy', 'healthy', 'not-applicable'] as const
export type RegistryTab = (typeof registryTabs)[number]

/** The registries of a tab. */
export const registriesPath = (tab: RegistryTab): string =>
  `${paths.containerImages}${tab === 'unhealthy' ? '' : `?registries=${tab}`}#registries`
