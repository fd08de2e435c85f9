import IconButton from '@mui/material/IconButton'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useColorScheme } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import { useState } from 'react'
import { Icon } from '../../ui/icon.tsx'

const modes = [
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
  { id: 'system', label: 'As the system' },
] as const

export function ThemeSwitch() {
  const { mode = 'system', setMode } = useColorScheme()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  return (
    <>
      <Tooltip title="Theme">
        <IconButton aria-label="Theme" aria-haspopup="menu" onClick={event => setAnchor(event.currentTarget)}>
          <Icon name={mode} />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {modes.map(({ id, label }) => (
          <MenuItem
            key={id}
            role="menuitemradio"
            aria-checked={mode === id}
            selected={mode === id}
            onClick={() => {
              setMode(id)
              setAnchor(null)
            }}
            sx={{ gap: 1.25 }}
          >
            <Icon name={id} />
            {label}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}
