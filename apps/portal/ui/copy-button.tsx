import IconButton from '@mui/material/IconButton'
import Tooltip from '@mui/material/Tooltip'
import { useEffect, useState } from 'react'
import { Icon } from './icon.tsx'

const shownMs = 1600

/** Copies `text`; `what` names it ("digest", "command") for the tooltip and for assistive technology. */
export function CopyButton({
  text,
  what,
  icon = 'copy',
}: {
  text: string
  what: string
  icon?: 'copy' | 'link'
}) {
  const { outcome, copy } = useCopy()
  const label =
    outcome === 'copied'
      ? 'Copied'
      : outcome === 'refused'
        ? 'The browser refused; select and copy it'
        : `Copy ${what}`
  return (
    <Tooltip title={label}>
      <IconButton
        aria-label={label}
        onClick={event => {
          event.stopPropagation()
          void copy(text)
        }}
        sx={{ width: 26, height: 26, p: 0 }}
      >
        <Icon name={outcome === 'copied' ? 'check' : icon} size={14} />
      </IconButton>
    </Tooltip>
  )
}

/** Copies text and says for a moment how that went; browsers refuse without a secure context or a permission. */
export function useCopy() {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (outcome === 'idle') return
    const timer = setTimeout(() => setOutcome('idle'), shownMs)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = async (text: string) => setOutcome((await copyText(text)) ? 'copied' : 'refused')
  return { outcome, copy }
}

/** @returns whether the browser let it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyThroughSelection(text)
  }
}

/** The clipboard API exists in secure contexts only; a server reached over plain http by name has none. */
function copyThroughSelection(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  const focused = document.activeElement
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
