import { styled } from '@mui/material/styles'
import { Icon } from './icon.tsx'

const Anchor = styled('a')(({ theme }) => ({
  color: theme.vars.palette.primary.main,
  textDecoration: 'none',
  overflowWrap: 'anywhere',
  '&:hover': { textDecoration: 'underline' },
  '& svg': { display: 'inline', verticalAlign: '-1px', marginLeft: 4 },
}))

const Domain = styled('span')(({ theme }) => ({ color: theme.vars.palette.text.secondary, marginLeft: 8 }))

/**
 * A link that leaves the portal, with the domain it leads to. Addresses come from feeds that others write: only http
 * and https are followed, anything else is shown as text.
 */
export function ExternalLink({ href, children }: { href: string; children: React.ReactNode }) {
  const url = URL.canParse(href) ? new URL(href) : null
  if (!url || !/^https?:$/.test(url.protocol)) return <span>{children}</span>
  return (
    <span>
      <Anchor href={url.href} target="_blank" rel="noopener noreferrer">
        {children}
        <Icon name="external" size={12} />
      </Anchor>
      <Domain>{url.hostname}</Domain>
    </span>
  )
}
