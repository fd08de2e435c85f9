import type { IconName } from '../../ui/icon.tsx'
import { paths } from '../paths.ts'

/** The portal's sections, in the order of the rail. */
export const sections: readonly { readonly label: string; readonly to: string; readonly icon: IconName }[] = [
  { label: 'Overview', to: paths.overview, icon: 'overview' },
  { label: 'Recommendations', to: paths.recommendations, icon: 'recommendations' },
  { label: 'Registries', to: paths.registries, icon: 'registries' },
  { label: 'Findings', to: paths.findings, icon: 'findings' },
  { label: 'Rules', to: paths.rules, icon: 'rules' },
  { label: 'Scans', to: paths.scans, icon: 'scans' },
  { label: 'Settings', to: paths.settings, icon: 'settings' },
]
