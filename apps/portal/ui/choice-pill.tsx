import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useState } from 'react'
import { Pill } from './pill.tsx'

interface ChoicePillProps<Choice extends string> {
  readonly label: string
  readonly choices: Readonly<Record<Choice, string>>
  readonly value: Choice | undefined
  readonly onChange: (value: Choice | undefined) => void
}

/** A filter that holds one of several values, or none. */
export function ChoicePill<Choice extends string>({
  label,
  choices,
  value,
  onChange,
}: ChoicePillProps<Choice>) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const ids = Object.keys(choices) as Choice[]
  return (
    <>
      <Pill
        label={label}
        value={value === undefined ? undefined : choices[value]}
        onOpen={setAnchor}
        onClear={value === undefined ? undefined : () => onChange(undefined)}
      />
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {ids.map(id => (
          <MenuItem
            key={id}
            role="menuitemradio"
            aria-checked={value === id}
            selected={value === id}
            onClick={() => {
              onChange(id)
              setAnchor(null)
            }}
          >
            {choices[id]}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}
