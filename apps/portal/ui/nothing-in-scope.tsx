import Button from '@mui/material/Button'
import { useNarrowing } from '../app/scope.tsx'
import { EverythingLink } from '../app/scoped-link.tsx'
import { Notice } from './notice.tsx'

export const showEverything = <Button component={EverythingLink}>Show everything</Button>

interface NothingInScopeProps {
  /** What is not there: `No registry is connected in it.` */
  readonly what: string
  /** What to say where nothing is there at all. */
  readonly children: React.ReactNode
}

/** Says that nothing is there where pages are narrowed, and offers all there is. */
export function NothingInScope({ what, children }: NothingInScopeProps) {
  const { scope, name } = useNarrowing()
  if (scope === undefined) return children
  return (
    <Notice title={`Nothing in ${name}`} actions={showEverything}>
      <p>{what}</p>
    </Notice>
  )
}

/** Beside filters that nothing matches: that the page is narrowed too. */
export function OnlyInScope() {
  const { scope, name } = useNarrowing()
  return scope === undefined ? null : <p>Only what is in {name} was looked at.</p>
}
