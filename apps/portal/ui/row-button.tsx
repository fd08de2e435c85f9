import Button from '@mui/material/Button'
import { VisuallyHidden } from './visually-hidden.ts'

interface RowButtonProps {
  readonly label: string
  /** The row it is of, for those who do not see where it stands. */
  readonly of: string
  readonly disabled?: boolean
  readonly onClick: () => void
}

/** An action of one row, as high as a line of text. */
export const RowButton = ({ label, of, disabled = false, onClick }: RowButtonProps) => (
  <Button
    variant="text"
    disabled={disabled}
    onClick={onClick}
    // Its text ends, or begins, where that of the cells above does.
    sx={{ minWidth: 0, minHeight: 24, py: 0, px: 1, my: '-2px', mx: -1 }}
  >
    {label}
    <VisuallyHidden> {of}</VisuallyHidden>
  </Button>
)
