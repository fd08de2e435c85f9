import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useState } from 'react'
import { Icon } from './icon.tsx'
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

interface ChoicesPillProps<Choice extends string> {
  readonly label: string
  readonly choices: Readonly<Record<Choice, React.ReactNode>>
  readonly chosen: readonly Choice[]
  /** What the pill says of the choice; none when it is as it would be without. */
  readonly value: string | undefined
  readonly onChange: (chosen: Choice[]) => void
}

/** A filter that holds any number of values. */
export function ChoicesPill<Choice extends string>({
  label,
  choices,
  chosen,
  value,
  onChange,
}: ChoicesPillProps<Choice>) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const ids = Object.keys(choices) as Choice[]
  const toggle = (toggled: Choice) =>
    onChange(ids.filter(id => (id === toggled ? !chosen.includes(id) : chosen.includes(id))))
  return (
    <>
      <Pill
        label={label}
        value={value}
        onOpen={setAnchor}
        onClear={value === undefined ? undefined : () => onChange([])}
      />
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {ids.map(id => (
          <MenuItem
            key={id}
            role="menuitemcheckbox"
            aria-checked={chosen.includes(id)}
            onClick={() => toggle(id)}
            sx={{ gap: 1.25, minWidth: 160 }}
          >
            <span style={{ flex: 1, display: 'inline-flex', alignItems: 'center', gap: 10 }}>
              {choices[id]}
            </span>
            {chosen.includes(id) && <Icon name="check" size={14} />}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}
