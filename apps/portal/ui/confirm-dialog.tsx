import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { styled } from '@mui/material/styles'
import { useId } from 'react'
import type { ApiError } from '../app/trpc.ts'
import { Refused } from './refused.tsx'

const Body = styled(DialogContent)({ '& p': { margin: 0 }, '& > * + *, & p + p': { marginTop: 10 } })

interface ConfirmDialogProps {
  readonly open: boolean
  readonly title: string
  /** What the button does: "Remove", never "OK". */
  readonly confirm: string
  readonly cancel?: string
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly pending?: boolean
  /** Why it cannot be done at all; the button then stays off. */
  readonly disabled?: boolean
  readonly error?: ApiError | null
  /** Says that it did not come about, above the reason. */
  readonly refused?: string
  /** What follows from it. */
  readonly children?: React.ReactNode
}

/** Asks before something that cannot be taken back, and says what follows from it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, title, confirm, cancel = 'Cancel', onConfirm, onClose, children } = props
  const { pending = false, disabled = false, error = null, refused = 'It was not done' } = props
  const id = useId()
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby={id} fullWidth maxWidth="sm">
      <DialogTitle id={id}>{title}</DialogTitle>
      <Body>
        {children}
        <Refused title={refused} error={error} />
      </Body>
      <DialogActions>
        <Button variant="text" onClick={onClose}>
          {cancel}
        </Button>
        <Button variant="contained" disabled={pending || disabled} onClick={onConfirm}>
          {confirm}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
