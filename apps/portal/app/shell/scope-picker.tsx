import Popover from '@mui/material/Popover'
import { styled } from '@mui/material/styles'
import { lazy, Suspense, useId, useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { useNarrowing } from '../scope.tsx'

const ScopeChoice = lazy(async () => ({ default: (await import('./scope-choice.tsx')).ScopeChoice }))

// As wide whatever is chosen, so that nothing beside it moves; on narrow screens its mark alone.
const Opener = styled('button')(({ theme }) => ({
  display: 'flex',
  alignItems: 'center',
  gap: 8,
  width: 216,
  height: 30,
  flex: 'none',
  padding: '0 9px',
  border: `1px solid ${theme.vars.palette.divider}`,
  borderRadius: theme.vars.shape.borderRadius,
  background: 'none',
  color: 'inherit',
  font: 'inherit',
  textAlign: 'left',
  cursor: 'pointer',
  '&:hover': { background: theme.vars.palette.surface.hover },
  '& svg': { color: theme.vars.palette.text.secondary },
  '& span': { color: theme.vars.palette.text.secondary },
  '& b': {
    flex: 1,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontWeight: 550,
  },
  '&[data-set]': {
    borderColor: theme.vars.palette.primary.main,
    background: theme.vars.palette.surface.selected,
    '& svg:first-of-type': { color: theme.vars.palette.primary.main },
  },
  [theme.breakpoints.down('sm')]: {
    width: 30,
    padding: 0,
    justifyContent: 'center',
    '& span, & b': { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' },
    '& svg:last-of-type': { display: 'none' },
  },
}))
const Panel = styled('section')({
  width: 440,
  maxWidth: '100%',
  padding: '12px 16px 16px',
  fontSize: '0.8125rem',
  '& h2': { margin: '0 0 8px', fontSize: '0.875rem', fontWeight: 600 },
})

/** What pages are narrowed to, and the way to another scope. */
export function ScopePicker() {
  const { scope, name, words } = useNarrowing()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const titleId = useId()
  const close = () => setAnchor(null)
  return (
    <>
      <Opener
        type="button"
        aria-haspopup="dialog"
        title={scope && words}
        data-set={scope && ''}
        onClick={event => setAnchor(event.currentTarget)}
      >
        <Icon name="scope" size={14} />
        <span>Scope</span> <b>{scope === undefined ? 'Everything' : name}</b>
        <Icon name="down" size={12} />
      </Opener>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
        onClose={close}
        slotProps={{ paper: { role: 'dialog', 'aria-labelledby': titleId, sx: { mt: 0.5 } } }}
      >
        <Panel>
          <h2 id={titleId}>Scope of what is shown</h2>
          <Suspense fallback={<BlockSkeleton height={320} />}>
            <ScopeChoice onClose={close} />
          </Suspense>
        </Panel>
      </Popover>
    </>
  )
}
