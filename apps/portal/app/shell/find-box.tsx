import { styled } from '@mui/material/styles'
import { useEffect, useRef } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { paths } from '../paths.ts'
import { useGo } from '../scoped-link.tsx'

const Form = styled('form')(({ theme }) => ({
  position: 'relative',
  display: 'flex',
  alignItems: 'center',
  width: 280,
  minWidth: 0,
  flexShrink: 1,
  '& svg': { position: 'absolute', left: 9, color: theme.vars.palette.text.secondary, pointerEvents: 'none' },
  '& input': {
    width: '100%',
    height: 30,
    padding: '0 10px 0 31px',
    border: `1px solid ${theme.vars.palette.divider}`,
    borderRadius: theme.vars.shape.borderRadius,
    background: theme.vars.palette.surface.sunken,
    color: 'inherit',
    font: 'inherit',
    '&::placeholder': { color: theme.vars.palette.text.secondary, opacity: 1 },
  },
}))

/** Finds a CVE or a package from anywhere; `/` goes there. */
export function FindBox() {
  const field = useRef<HTMLInputElement>(null)
  const go = useGo()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return
      event.preventDefault()
      field.current?.focus()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <Form
      role="search"
      onSubmit={event => {
        event.preventDefault()
        const asked = field.current?.value.trim() ?? ''
        if (asked === '') return
        void go(`${paths.findings}?${new URLSearchParams({ q: asked })}`)
        if (field.current) field.current.value = ''
      }}
    >
      <Icon name="search" size={14} />
      <input
        ref={field}
        type="search"
        maxLength={200}
        aria-label="Find a CVE or package"
        placeholder="Find a CVE or package"
      />
    </Form>
  )
}

/** Whether a key press belongs to a field, so that single-key shortcuts keep out of typing. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
