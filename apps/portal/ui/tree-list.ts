import { styled } from '@mui/material/styles'

/** Nodes of a tree to choose among, a row each: an input, its name, and what it is. */
export const TreeList = styled('div')(({ theme }) => ({
  maxHeight: 232,
  overflowY: 'auto',
  border: `1px solid ${theme.vars.palette.surface.line}`,
  borderRadius: theme.vars.shape.borderRadius,
  padding: '4px 0',
  marginTop: 4,
  '& > *': {
    display: 'flex',
    alignItems: 'center',
    minHeight: 28,
    paddingRight: 12,
    fontSize: '0.8125rem',
    '&:hover': { background: theme.vars.palette.surface.hover },
    '&:has(:checked)': { background: theme.vars.palette.surface.selected },
    '&:has(input:focus-visible)': {
      outline: `2px solid ${theme.vars.palette.primary.main}`,
      outlineOffset: -2,
    },
  },
  '& label': {
    flex: 1,
    minWidth: 0,
    display: 'flex',
    alignItems: 'center',
    gap: 8,
    minHeight: 28,
    cursor: 'pointer',
  },
  '& input': { margin: 0, flex: 'none', accentColor: theme.vars.palette.primary.main, outline: 'none' },
  '& label > span:first-of-type': { minWidth: 0, overflowWrap: 'anywhere' },
  '& label > span:last-of-type': {
    fontSize: '0.75rem',
    color: theme.vars.palette.text.secondary,
    whiteSpace: 'nowrap',
  },
}))
