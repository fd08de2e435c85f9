import MuiLink from '@mui/material/Link'
import { styled } from '@mui/material/styles'
import { useMatches } from 'react-router-dom'
import { IgnoredFilters } from '../../ui/ignored-filters.tsx'
import { showEverything } from '../../ui/nothing-in-scope.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader } from '../../ui/page.tsx'
import { useNarrowing } from '../scope.tsx'
import { EverythingLink } from '../scoped-link.tsx'

/** Of routes whose pages show what is in the scope; the others show what their address names, or all there is. */
export const followsScope = { followsScope: true } as const

// There the picker has no room for the name.
const OnNarrowScreens = styled('p')(({ theme }) => ({
  margin: '0 0 8px',
  fontSize: '0.8125rem',
  color: theme.vars.palette.text.secondary,
  '& b': { fontWeight: 550, color: theme.vars.palette.text.primary },
  [theme.breakpoints.up('sm')]: { display: 'none' },
}))

/** The page, and above it what there is to say of the scope; in its place where it could show nothing, for there is no such scope. */
export function InScope({ children }: { children: React.ReactNode }) {
  const { scope, name, missing, outside, ignored } = useNarrowing()
  const page = useMatches().at(-1)
  const registryId = page?.params['registryId']
  if (missing !== null) {
    const follows = page?.handle === followsScope
    return (
      <>
        {follows && <PageHeader title="No such scope" />}
        <Notice
          icon="caution"
          role="alert"
          title={`This address is narrowed to ${missing}, which is not there`}
          actions={showEverything}
        >
          <p>It was deleted, or the address has a typing error.</p>
        </Notice>
        {!follows && <div style={{ marginTop: 20 }}>{children}</div>}
      </>
    )
  }
  return (
    <>
      {scope && page?.handle === followsScope && (
        <OnNarrowScreens>
          Scope <b>{name}</b>
        </OnNarrowScreens>
      )}
      {ignored !== null && (
        <div style={{ marginBottom: 12 }}>
          <IgnoredFilters ignored={[`scope=${ignored}`]} />
        </div>
      )}
      {registryId !== undefined && outside.has(registryId) && (
        <p role="status" style={{ margin: '0 0 12px', fontSize: '0.8125rem' }}>
          <Muted>This is outside of {name}.</Muted>{' '}
          <MuiLink component={EverythingLink}>Show everything</MuiLink>
        </p>
      )}
      {children}
    </>
  )
}
