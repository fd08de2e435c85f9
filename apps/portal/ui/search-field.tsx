import { styled } from '@mui/material/styles'
import { useEffect, useRef, useState } from 'react'
import { Icon } from './icon.tsx'

const Frame = styled('div')(({ theme }) => ({
  position: 'relative',
  flex: '1 1 220px',
  maxWidth: 420,
  '& svg': {
    position: 'absolute',
    left: 9,
    top: 8,
    color: theme.vars.palette.text.secondary,
    pointerEvents: 'none',
  },
  '& input': {
    width: '100%',
    height: 30,
    padding: '0 10px 0 31px',
    border: `1px solid ${theme.vars.palette.surface.line}`,
    borderRadius: theme.vars.shape.borderRadius,
    background: theme.vars.palette.background.default,
    color: 'inherit',
    font: 'inherit',
    fontSize: '0.8125rem',
    '&::placeholder': { color: theme.vars.palette.text.secondary, opacity: 1 },
  },
}))

const settleMs = 300

interface SearchFieldProps {
  readonly label: string
  readonly value: string
  /** `complete` when it was confirmed with Enter rather than paused in. */
  readonly onChange: (text: string, complete: boolean) => void
  readonly placeholder?: string
  readonly maxLength?: number
}

/** A search field that answers a pause in typing or Enter, not each key. */
export function SearchField({
  label,
  value,
  onChange,
  placeholder = label,
  maxLength = 200,
}: SearchFieldProps) {
  const [text, setText] = useState(value)
  const [shown, setShown] = useState(value)
  const [typing, setTyping] = useState(false)
  const pending = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The URL may change from elsewhere, by Back or by a pill; what is being typed goes first until it settles.
  if (value !== shown) {
    setShown(value)
    if (!typing && value !== text.trim()) setText(value)
  }
  const settle = (settled: string, complete: boolean) => {
    clearTimeout(pending.current)
    setTyping(false)
    onChange(settled, complete)
  }
  useEffect(() => () => clearTimeout(pending.current), [])
  return (
    <Frame>
      <Icon name="search" size={14} />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        maxLength={maxLength}
        value={text}
        onChange={event => {
          const typed = event.target.value
          setText(typed)
          setTyping(true)
          clearTimeout(pending.current)
          pending.current = setTimeout(() => settle(typed, false), settleMs)
        }}
        // Whoever goes to a link meanwhile is not to be called back by what they had typed.
        onBlur={() => {
          if (typing) settle(text, false)
        }}
        onKeyDown={event => {
          if (event.key === 'Enter') settle(text, true)
        }}
      />
    </Frame>
  )
}
