import MuiLink, { type LinkProps as MuiLinkProps } from '@mui/material/Link'
import { Link } from '../app/scoped-link.tsx'

/** A link within the portal. */
export function NavLink(
  props: Omit<MuiLinkProps, 'href' | 'component'> &
    Pick<React.ComponentProps<typeof Link>, 'to' | 'everywhere' | 'replace' | 'state' | 'preventScrollReset'>,
) {
  return <MuiLink component={Link} {...props} />
}
