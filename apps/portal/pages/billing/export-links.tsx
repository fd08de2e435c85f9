import MuiLink from '@mui/material/Link'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'
import { exportPath } from './month.ts'

interface ExportLinksProps {
  readonly month: string
  readonly subscriptionId: string | undefined
  /** What is exported, for those who do not see where the links stand. */
  readonly of: string
}

/** The charges as files. */
export const ExportLinks = ({ month, subscriptionId, of }: ExportLinksProps) => (
  <span style={{ display: 'inline-flex', gap: 12 }}>
    {(['csv', 'json'] as const).map(format => (
      <MuiLink key={format} href={exportPath(month, subscriptionId, format)} download underline="always">
        {format.toUpperCase()}
        <VisuallyHidden> of {of}</VisuallyHidden>
      </MuiLink>
    ))}
  </span>
)
