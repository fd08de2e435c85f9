import MuiLink from '@mui/material/Link'
import { useScope } from '../../app/scope.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'
import { exportPath } from './month.ts'

interface ExportLinksProps {
  readonly month: string
  readonly subscriptionId: string | undefined
  /** What is exported, for those who do not see where the links stand. */
  readonly of: string
}

/** The charges as files. */
export function ExportLinks({ month, subscriptionId, of }: ExportLinksProps) {
  const scope = useScope()
  return (
    <span style={{ display: 'inline-flex', gap: 12 }}>
      {(['csv', 'json'] as const).map(format => (
        <MuiLink
          key={format}
          href={exportPath({ month, subscriptionId, scope, format })}
          download
          underline="always"
        >
          {format.toUpperCase()}
          <VisuallyHidden> of {of}</VisuallyHidden>
        </MuiLink>
      ))}
    </span>
  )
}
