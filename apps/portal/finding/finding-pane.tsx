import Drawer from '@mui/material/Drawer'
import IconButton from '@mui/material/IconButton'
import { styled } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import useMediaQuery from '@mui/material/useMediaQuery'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLocation, useSearchParams } from 'react-router-dom'
import { paths } from '../app/paths.ts'
import { Link, useGo, useGoBack } from '../app/scoped-link.tsx'
import { isTyping } from '../app/shell/find-box.tsx'
import { trpc } from '../app/trpc.ts'
import { withParam } from '../lib/search-params.ts'
import { CopyButton, useCopy } from '../ui/copy-button.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { QueryPanel } from '../ui/query-panel.tsx'
import { BlockSkeleton } from '../ui/skeleton.tsx'
import { FindingContent } from './finding-content.tsx'
import { paneState } from './finding-link.tsx'
import { useFindingOrder } from './finding-order.tsx'

const paneWidth = 560
const barHeight = 48

const Beside = styled('div')(({ theme }) => ({
  position: 'fixed',
  top: barHeight,
  right: 0,
  bottom: 0,
  zIndex: 4,
  width: paneWidth,
  background: theme.vars.palette.background.default,
  borderLeft: `1px solid ${theme.vars.palette.divider}`,
  boxShadow: '-16px 0 24px -16px rgb(0 0 0 / 0.14)',
}))

const Column = styled('div')({ display: 'flex', flexDirection: 'column', height: '100%', outline: 'none' })
const Toolbar = styled('div')(({ theme }) => ({
  display: 'flex',
  alignItems: 'center',
  gap: 2,
  padding: '0 12px 0 20px',
  height: 44,
  flex: 'none',
  borderBottom: `1px solid ${theme.vars.palette.divider}`,
  fontSize: '0.8125rem',
  color: theme.vars.palette.text.secondary,
  '& > span:first-of-type': { flex: 1 },
}))
const Scroll = styled('div')({ flex: 1, overflowY: 'auto', padding: '16px 20px 32px' })

/** The finding that the URL names, over whichever page it is. */
export function FindingPane() {
  const [params] = useSearchParams()
  const id = params.get('finding')
  const beside = useMediaQuery('(min-width: 1200px)', { noSsr: true })
  const close = useClose(id)
  if (beside) {
    if (id === null) return null
    return (
      <Beside role="dialog" aria-modal="false" aria-labelledby="finding-heading">
        <Pane id={id} onClose={close} />
      </Beside>
    )
  }
  return (
    <Drawer
      anchor="right"
      open={id !== null}
      onClose={close}
      transitionDuration={120}
      slotProps={{
        paper: {
          role: 'dialog',
          'aria-modal': true,
          'aria-labelledby': 'finding-heading',
          sx: { width: paneWidth, maxWidth: '100%' },
        },
      }}
    >
      {id !== null && <Pane id={id} onClose={close} />}
    </Drawer>
  )
}

function Pane({ id, onClose }: { id: string; onClose: () => void }) {
  const column = useRef<HTMLDivElement>(null)
  const query = useQuery({ ...trpc.findings.get.queryOptions({ id }), placeholderData: keepPreviousData })
  const { previous, next, position } = useNeighbours(id)
  const { copy } = useCopy()
  const address = `${window.location.origin}${paths.finding(id)}`

  useEffect(() => {
    column.current?.focus({ preventScroll: true })
  }, [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'Escape') return onClose()
      if (isTyping(event.target)) return
      if (event.key === 'j') next?.()
      if (event.key === 'k') previous?.()
      if (event.key === 'c') void copy(address)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })

  return (
    <Column ref={column} tabIndex={-1}>
      <Toolbar>
        <span>{position}</span>
        <Tool label="Previous finding (K)" icon="up" {...(previous && { onClick: previous })} />
        <Tool label="Next finding (J)" icon="down" {...(next && { onClick: next })} />
        <CopyButton text={address} what="link (C)" icon="link" />
        <Tooltip title="Open as a page">
          <IconButton component={Link} to={paths.finding(id)} aria-label="Open as a page">
            <Icon name="open" />
          </IconButton>
        </Tooltip>
        <Tool label="Close (Esc)" icon="cross" onClick={onClose} />
      </Toolbar>
      {/* Keyed by finding, so that every one is read from its top. */}
      <Scroll
        key={id}
        aria-busy={query.isPlaceholderData}
        style={{ opacity: query.isPlaceholderData ? 0.55 : 1 }}
      >
        <QueryPanel query={query} what="this finding" skeleton={<BlockSkeleton height={420} />}>
          {finding => <FindingContent finding={finding} level="h2" />}
        </QueryPanel>
      </Scroll>
    </Column>
  )
}

/** A tool of the pane; without something to do it is disabled. */
function Tool({ label, icon, onClick }: { label: string; icon: IconName; onClick?: () => void }) {
  const button = (
    <IconButton aria-label={label} disabled={!onClick} onClick={onClick}>
      <Icon name={icon} />
    </IconButton>
  )
  return onClick ? <Tooltip title={label}>{button}</Tooltip> : button
}

/** The findings before and after in the list on the page; moving replaces the history entry. */
function useNeighbours(id: string) {
  const order = useFindingOrder()
  const [params] = useSearchParams()
  const location = useLocation()
  const goTo = useGo()
  // Keys may come faster than pages are drawn; each goes on from where the last one went.
  const heading = useRef(id)
  useEffect(() => {
    heading.current = id
  }, [id])
  const index = order.indexOf(id)
  const go = (step: 1 | -1) => {
    const target = order[order.indexOf(heading.current) + step]
    if (target === undefined) return
    heading.current = target
    void goTo(
      { search: `?${withParam(params, 'finding', target)}` },
      { replace: true, preventScrollReset: true, state: location.state },
    )
  }
  return {
    previous: index > 0 ? () => go(-1) : undefined,
    next: index >= 0 && index < order.length - 1 ? () => go(1) : undefined,
    position: index >= 0 ? `${index + 1} of ${order.length} on this page` : 'Finding',
  }
}

/** Closes the pane: back to where it was opened from, else by leaving it out of the URL. The focus returns to its row. */
function useClose(id: string | null): () => void {
  const [params] = useSearchParams()
  const location = useLocation()
  const goTo = useGo()
  const goBack = useGoBack()
  const last = useRef(id)
  useEffect(() => {
    const closed = last.current
    last.current = id
    if (closed === null || id !== null) return
    document.querySelector<HTMLElement>(`[data-finding="${CSS.escape(closed)}"]`)?.focus()
  }, [id])
  return () => {
    if (paneState(location.state)) goBack()
    else
      void goTo(
        { search: `?${withParam(params, 'finding', null)}` },
        { replace: true, preventScrollReset: true },
      )
  }
}
