import Drawer from '@mui/material/Drawer'
import { styled } from '@mui/material/styles'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/mark.tsx'
import { SectionLink } from '../scoped-link.tsx'
import { sections } from './sections.ts'

export const railWidth = 196

const Nav = styled('nav')(({ theme }) => ({
  display: 'flex',
  flexDirection: 'column',
  width: railWidth,
  height: '100%',
  padding: '0 8px 16px',
  background: theme.vars.palette.surface.rail,
  borderRight: `1px solid ${theme.vars.palette.divider}`,
  '& ul': { margin: 0, padding: 0, listStyle: 'none' },
  '& li a': {
    display: 'flex',
    alignItems: 'center',
    gap: 10,
    height: 34,
    margin: '1px 0',
    padding: '0 10px',
    borderRadius: theme.vars.shape.borderRadius,
    color: theme.vars.palette.text.secondary,
    fontSize: '0.8125rem',
    fontWeight: 500,
    textDecoration: 'none',
    '&:hover': { background: theme.vars.palette.surface.hover, color: theme.vars.palette.text.primary },
    '&[aria-current="page"]': {
      background: theme.vars.palette.surface.selected,
      color: theme.vars.palette.primary.main,
      fontWeight: 600,
    },
  },
}))

const Brand = styled('div')({
  display: 'flex',
  alignItems: 'center',
  gap: 9,
  height: 48,
  padding: '0 10px',
  marginBottom: 8,
  fontSize: '0.9375rem',
  fontWeight: 640,
  letterSpacing: '-0.01em',
})

const Fixed = styled('div')(({ theme }) => ({
  position: 'sticky',
  top: 0,
  height: '100vh',
  [theme.breakpoints.down('md')]: { display: 'none' },
  '@media print': { display: 'none' },
}))

function Sections({ onFollow }: { onFollow?: () => void }) {
  return (
    <Nav aria-label="Sections">
      <Brand>
        <Mark size={22} />
        Plimsoll
      </Brand>
      <ul>
        {sections.map(section => (
          <li key={section.to}>
            <SectionLink to={section.to} end={section.to === '/'} onClick={onFollow}>
              <Icon name={section.icon} />
              {section.label}
            </SectionLink>
          </li>
        ))}
      </ul>
    </Nav>
  )
}

/** The sections at the left; on narrow screens in a drawer behind the menu button. */
export function Rail({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <>
      <Fixed>
        <Sections />
      </Fixed>
      <Drawer open={open} onClose={onClose} slotProps={{ paper: { 'aria-label': 'Menu' } }}>
        <Sections onFollow={onClose} />
      </Drawer>
    </>
  )
}
