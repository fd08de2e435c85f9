import { styled } from '@mui/material/styles'
import { paths } from '../../app/paths.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { copy } from './copy.ts'

const List = styled('ul')(({ theme }) => ({
  margin: 0,
  padding: 0,
  listStyle: 'none',
  maxWidth: 760,
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  '& li': {
    display: 'grid',
    gridTemplateColumns: '180px minmax(0, 1fr)',
    gap: '0 16px',
    padding: '8px 0',
    borderBottom: `1px solid ${theme.vars.palette.divider}`,
    fontSize: '0.8125rem',
  },
  '& a': { fontWeight: 550 },
  [theme.breakpoints.down('sm')]: { '& li': { gridTemplateColumns: '1fr' } },
}))

/** The settings that have pages of their own. */
export const SettingsParts = () => (
  <nav aria-label={copy.title}>
    <List>
      {parts.map(({ to, label, what }) => (
        <li key={to}>
          <NavLink to={to}>{label}</NavLink>
          <Muted>{what}</Muted>
        </li>
      ))}
    </List>
  </nav>
)

const parts: readonly { readonly to: string; readonly label: string; readonly what: string }[] = [
  { to: paths.scopes, label: 'Scopes and plans', what: copy.scopesText },
  { to: paths.settingsRegistries, label: 'Registries', what: copy.registriesText },
  { to: paths.imports, label: 'Import images', what: copy.importText },
  { to: paths.clusters, label: 'Clusters', what: copy.clustersText },
  { to: paths.billing(), label: 'Billing', what: copy.billingText },
]
