import MuiLink, { type LinkProps as MuiLinkProps } from '@mui/material/Link'
import { Link, type LinkProps } from 'react-router-dom'

/** A link within the portal. */
export function NavLink(
  props: Omit<MuiLinkProps, 'href' | 'component'> &
    Pick<LinkProps, 'to' | 'replace' | 'state' | 'preventScrollReset'>,
) {
  return <MuiLink component={Link} {...props} />
}
