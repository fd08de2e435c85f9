import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useId, useState } from 'react'
import type { ApiError } from '../../app/trpc.ts'
import { Field, Form, LabelledSelect } from '../../ui/fields.tsx'
import { Muted } from '../../ui/page.tsx'
import { Refused } from '../../ui/refused.tsx'
import { copy } from './copy.ts'

interface NamePlaceDialogProps {
  readonly title: string
  readonly confirm: string
  /** Asks for a name under this label; left out: none is asked for. */
  readonly nameLabel?: string
  readonly name?: string
  /** Where it may go; left out: it stays where it is. */
  readonly places?: readonly { readonly value: string; readonly label: string }[]
  readonly place?: string | undefined
  readonly pending: boolean
  readonly error: ApiError | null
  readonly refused: string
  readonly onConfirm: (given: { name: string; place: string }) => void
  readonly onClose: () => void
  /** What follows from it. */
  readonly children?: string
}

/** Asks for a name, a place in the tree, or both. */
export function NamePlaceDialog(props: NamePlaceDialogProps) {
  const { title, confirm, nameLabel, places, pending, error, refused, onConfirm, onClose, children } = props
  const [name, setName] = useState(props.name ?? '')
  const [place, setPlace] = useState(props.place ?? places?.[0]?.value ?? '')
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="xs">
      <Form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          const given = name.trim()
          if (nameLabel !== undefined && given === '') setProblem('Give a name.')
          else onConfirm({ name: given, place })
        }}
        style={{ gap: 0 }}
      >
        <DialogTitle id={id}>{title}</DialogTitle>
        <DialogContent sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
          {nameLabel !== undefined && (
            <Field
              label={nameLabel}
              value={name}
              problem={problem}
              autoFocus
              autoComplete="off"
              onChange={event => {
                setName(event.target.value)
                setProblem(null)
              }}
              inputProps={{ maxLength: 100 }}
            />
          )}
          {places && (
            <LabelledSelect
              label={copy.under}
              value={place}
              onChange={event => setPlace(event.target.value)}
              options={places}
            />
          )}
          {children !== undefined && <Muted>{children}</Muted>}
          <Refused title={refused} error={error} />
        </DialogContent>
        <DialogActions>
          <Button variant="text" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={pending}>
            {confirm}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  )
}
