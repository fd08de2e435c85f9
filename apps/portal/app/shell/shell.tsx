import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Navigate, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router-dom'
import { paneState } from '../../finding/finding-link.tsx'
import { FindingOrderProvider } from '../../finding/finding-order.tsx'
import { FindingPane } from '../../finding/finding-pane.tsx'
import { ErrorNotice } from '../../ui/query-panel.tsx'
import { AnnouncementProvider } from '../announcement.tsx'
import { useLiveState, useLiveUpdates } from '../live.ts'
import { paths } from '../paths.ts'
import { ScopeProvider } from '../scope.tsx'
import { SessionProvider, type SignedIn } from '../session.tsx'
import { trpc } from '../trpc.ts'
import { Rail, railWidth } from './rail.tsx'
import { InScope } from './scope-notices.tsx'
import { TopBar } from './top-bar.tsx'

const Frame = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: `${railWidth}px minmax(0, 1fr)`,
  minHeight: '100vh',
  [theme.breakpoints.down('md')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  '@media print': { display: 'block' },
}))

const Main = styled('main')(({ theme }) => ({
  maxWidth: 1480,
  padding: '20px 24px 64px',
  transition: 'opacity 120ms 150ms',
  '&[aria-busy="true"]': { opacity: 0.6 },
  [theme.breakpoints.down('sm')]: { padding: '16px 16px 64px' },
}))

const SkipLink = styled('a')(({ theme }) => ({
  position: 'fixed',
  top: -48,
  left: 8,
  zIndex: 10,
  padding: '6px 12px',
  borderRadius: theme.vars.shape.borderRadius,
  background: theme.vars.palette.primary.main,
  color: theme.vars.palette.primary.contrastText,
  '&:focus': { top: 8 },
}))

const PausedBar = styled('div')(({ theme }) => ({
  position: 'sticky',
  top: 48,
  zIndex: 2,
  padding: '3px 24px',
  fontSize: '0.8125rem',
  background: theme.vars.palette.surface.selected,
  borderBottom: `1px solid ${theme.vars.palette.divider}`,
}))

/** Asks who is there; shows the portal to those who are signed in and the way to sign-in to the others. */
export function Shell() {
  const session = useQuery(trpc.session.get.queryOptions())
  const location = useLocation()
  if (session.data?.user) {
    return (
      <SessionProvider value={session.data as SignedIn}>
        <SignedInShell />
      </SessionProvider>
    )
  }
  if (session.data) {
    const here = `${location.pathname}${location.search}`
    const next = here === '/' ? '' : `?next=${encodeURIComponent(here)}`
    return <Navigate to={`${paths.signIn}${next}`} replace />
  }
  if (session.isError) {
    return (
      <Main style={{ maxWidth: 640, margin: '15vh auto 0' }}>
        <ErrorNotice error={session.error} what="the portal" retry={session.refetch} />
      </Main>
    )
  }
  return null
}

function SignedInShell() {
  const [menuOpen, setMenuOpen] = useState(false)
  const navigation = useNavigation()
  const live = useLiveState()
  useLiveUpdates()
  useHeadingFocus()
  return (
    <ScopeProvider>
      <AnnouncementProvider>
        <FindingOrderProvider>
          <SkipLink href="#main">Skip to content</SkipLink>
          <Frame>
            <Rail open={menuOpen} onClose={() => setMenuOpen(false)} />
            <div>
              <TopBar onMenu={() => setMenuOpen(true)} />
              <div role="status">
                {live === 'paused' && <PausedBar>Live updates paused, retrying</PausedBar>}
              </div>
              <Main id="main" tabIndex={-1} aria-busy={navigation.state === 'loading'}>
                <InScope>
                  <Outlet />
                </InScope>
              </Main>
            </div>
          </Frame>
          <FindingPane />
          <ScrollRestoration getKey={location => paneState(location.state)?.scrollKey ?? location.key} />
        </FindingOrderProvider>
      </AnnouncementProvider>
    </ScopeProvider>
  )
}

/** Says where one is after following a link: the new page's heading takes the focus. Not on the first page. */
function useHeadingFocus(): void {
  const { pathname } = useLocation()
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
  }, [pathname])
}

/** What the page shows when something of ours broke while drawing it. */
export function BrokenPage() {
  return (
    <Main style={{ maxWidth: 640, margin: '15vh auto 0' }}>
      <h1>This page could not be shown</h1>
      <p>
        Something in the portal broke, or its files were replaced by a newer version. Loading it again helps
        in the second case.
      </p>
      <Button onClick={() => window.location.reload()}>Load again</Button>
    </Main>
  )
}
