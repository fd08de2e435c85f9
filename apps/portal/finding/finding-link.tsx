import { useLocation, useSearchParams } from 'react-router-dom'
import { Link } from '../app/scoped-link.tsx'
import { withParam } from '../lib/search-params.ts'

/** What a history entry remembers of the pane. */
export interface PaneState {
  /** The pane was opened over the entry before this one, so closing it may go back. */
  readonly paneOver: true
  /** The entry below, whose scroll position this one shares. */
  readonly scrollKey: string
}

export const paneState = (state: unknown): PaneState | null =>
  typeof state === 'object' && state !== null && 'paneOver' in state ? (state as PaneState) : null

interface FindingLinkProps {
  readonly id: string
  readonly children: React.ReactNode
  /** It is the link that its table row opens. */
  readonly row?: boolean
}

/** Opens a finding in the pane over the page one is on. */
export function FindingLink({ id, children, row = false }: FindingLinkProps) {
  const [params] = useSearchParams()
  const location = useLocation()
  const over = paneState(location.state)
  const state: PaneState = over ?? { paneOver: true, scrollKey: location.key }
  const isOpen = params.has('finding')
  return (
    <Link
      to={{ search: `?${withParam(params, 'finding', id)}` }}
      state={isOpen && !over ? undefined : state}
      replace={isOpen}
      preventScrollReset
      data-finding={id}
      {...(row && { 'data-row-link': '' })}
    >
      {children}
    </Link>
  )
}
