import Button from '@mui/material/Button'
import { VisuallyHidden } from './visually-hidden.ts'

interface DownloadLinkProps {
  readonly href: string
  /** What is downloaded, for those who do not see where the link stands: `the security checks`. */
  readonly of: string
}

/** A list as a file. */
export const DownloadLink = ({ href, of }: DownloadLinkProps) => (
  <Button variant="text" component="a" href={href} download sx={{ marginLeft: 'auto', flex: 'none' }}>
    Download CSV report<VisuallyHidden> of {of}</VisuallyHidden>
  </Button>
)
