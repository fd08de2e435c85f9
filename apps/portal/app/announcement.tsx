import Snackbar from '@mui/material/Snackbar'
import { createContext, useContext, useState } from 'react'

const Context = createContext<(sentence: string) => void>(() => {})

/** Says for a few seconds what was done, where the page it was done on may be gone. */
export function AnnouncementProvider({ children }: { children: React.ReactNode }) {
  const [sentence, setSentence] = useState('')
  const [open, setOpen] = useState(false)
  const [say] = useState(() => (next: string) => {
    setSentence(next)
    setOpen(true)
  })
  return (
    <Context value={say}>
      {children}
      <Snackbar
        open={open}
        message={sentence}
        autoHideDuration={6000}
        onClose={(_, reason) => reason !== 'clickaway' && setOpen(false)}
      />
    </Context>
  )
}

export const useSay = (): ((sentence: string) => void) => useContext(Context)
