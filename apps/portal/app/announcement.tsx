import Button from '@mui/material/Button'
import Snackbar from '@mui/material/Snackbar'
import { createContext, useContext, useState } from 'react'

/** What can be done about what was said, for as long as it is shown: "Undo". */
export interface AnnouncedAction {
  readonly label: string
  readonly run: () => void
}

type Say = (sentence: string, action?: AnnouncedAction) => void

const Context = createContext<Say>(() => {})

const shownMs = 6000
/** An action is taken away with the sentence; there is time to think about it. */
const shownWithActionMs = 10_000

/** Says for a few seconds what was done, where the page it was done on may be gone. */
export function AnnouncementProvider({ children }: { children: React.ReactNode }) {
  // Numbered, so that each is shown for its whole time.
  const [said, setSaid] = useState<{ number: number; sentence: string; action: AnnouncedAction | null }>({
    number: 0,
    sentence: '',
    action: null,
  })
  const [open, setOpen] = useState(false)
  const [say] = useState(() => (next: string, nextAction?: AnnouncedAction) => {
    setSaid(before => ({ number: before.number + 1, sentence: next, action: nextAction ?? null }))
    setOpen(true)
  })
  const { number, sentence, action } = said
  return (
    <Context value={say}>
      {children}
      <Snackbar
        key={number}
        open={open}
        message={sentence}
        autoHideDuration={action === null ? shownMs : shownWithActionMs}
        onClose={(_, reason) => reason !== 'clickaway' && setOpen(false)}
        action={
          action && (
            <Button
              color="inherit"
              onClick={() => {
                setOpen(false)
                action.run()
              }}
            >
              {action.label}
            </Button>
          )
        }
      />
    </Context>
  )
}

export const useSay = (): Say => useContext(Context)
