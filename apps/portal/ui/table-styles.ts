import { styled } from '@mui/material/styles'

/** Scrolls sideways where there is no room; where there is, lets the header stick to the top of the page. */
export const TableFrame = styled('div')(({ theme }) => ({
  position: 'relative',
  transition: 'opacity 120ms',
  '&[aria-busy="true"]': { opacity: 0.55 },
  [theme.breakpoints.between('sm', 'md')]: { overflowX: 'auto' },
}))

/** A dense table of hairlines; below 640 px its rows stack their cells, each with its column's name before it. */
export const Table = styled('table')(({ theme }) => ({
  width: '100%',
  borderCollapse: 'separate',
  borderSpacing: 0,
  fontSize: '0.8125rem',
  lineHeight: '20px',
  '& th, & td': {
    padding: '7px 16px 7px 0',
    textAlign: 'left',
    verticalAlign: 'top',
    fontWeight: 'inherit',
    borderBottom: `1px solid ${theme.vars.palette.divider}`,
  },
  '& th:first-of-type, & td:first-of-type': { paddingLeft: 12 },
  '& th:last-of-type, & td:last-of-type': { paddingRight: 12 },
  '& [data-align="right"]': { textAlign: 'right', whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' },
  '& th[data-select], & td[data-select]': { width: 40, paddingRight: 4 },
  // Numbers end where the next column begins; a little more air keeps the two apart.
  '& [data-align="right"]:not(:last-of-type)': { paddingRight: 32 },
  '& thead th': {
    position: 'sticky',
    top: 48,
    zIndex: 1,
    paddingBlock: 6,
    background: theme.vars.palette.background.default,
    color: theme.vars.palette.text.secondary,
    fontSize: '0.75rem',
    fontWeight: 500,
    whiteSpace: 'nowrap',
    verticalAlign: 'bottom',
  },
  '& tbody tr[data-opens]': {
    cursor: 'pointer',
    '&:hover': { background: theme.vars.palette.surface.hover },
    '&[aria-current="true"]': { background: theme.vars.palette.surface.selected },
  },
  '& a': {
    color: theme.vars.palette.text.primary,
    // Numbers and names lead somewhere: seen at a glance, and quieter than what the row is about.
    textDecorationLine: 'underline',
    textDecorationThickness: 1,
    textDecorationColor: `color-mix(in srgb, ${theme.vars.palette.text.secondary} 45%, transparent)`,
    textUnderlineOffset: 3,
    '&:hover': { textDecorationColor: 'currentColor' },
  },
  // Columns without a header hold what can be done with the row.
  '& td:not([data-label]) a': { color: theme.vars.palette.primary.main },
  '& a[data-row-link], & td:not([data-label]) a': {
    textDecorationLine: 'none',
    '&:hover': { textDecorationLine: 'underline' },
  },
  '& a[data-row-link]': { color: theme.vars.palette.primary.main, fontWeight: 500 },
  [theme.breakpoints.between('sm', 'md')]: { '& thead th': { position: 'static' } },
  [theme.breakpoints.down('sm')]: {
    '&, & tbody, & tr, & td': { display: 'block' },
    // Of the header only what sorts is left to see: each cell has its column's name before it.
    '& thead:not(:has(button, input)), & thead:has(button) th:not(:has(button, input))': {
      position: 'absolute',
      width: 1,
      height: 1,
      padding: 0,
      overflow: 'hidden',
      clipPath: 'inset(50%)',
    },
    '& thead:has(button, input)': { display: 'block' },
    '& thead:has(button) tr': {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: '0 16px',
      padding: '4px',
      color: theme.vars.palette.text.secondary,
      fontSize: '0.75rem',
      lineHeight: '24px',
      '&::before': { content: '"Sort by"' },
    },
    '& thead th[data-select]': { order: -1, width: 'auto' },
    '& thead th:has(button, input)': {
      position: 'static',
      padding: '0 !important',
      border: 0,
      width: 'auto !important',
    },
    '& thead th:not([aria-sort]) svg': { display: 'none' },
    '& tbody tr': {
      padding: '10px 4px',
      borderBottom: `1px solid ${theme.vars.palette.divider}`,
      contentVisibility: 'auto',
      containIntrinsicSize: 'auto 160px',
    },
    // What a cell holds runs on as in its column, right of the label, however many parts it has.
    '& td, & td:first-of-type, & td:last-of-type': {
      display: 'flow-root',
      padding: '2px 0 2px 8rem',
      border: 0,
      textAlign: 'left !important',
    },
    '& td::before': {
      content: 'attr(data-label)',
      float: 'left',
      width: '7.5rem',
      marginLeft: '-8rem',
      color: theme.vars.palette.text.secondary,
      whiteSpace: 'normal',
    },
    // A link or a button says itself what it does.
    '& td:not([data-label])': { paddingLeft: 0, '&::before': { content: 'none' } },
    // The first cell says what the row is; it needs no label.
    '& td:first-of-type': {
      display: 'block',
      padding: '2px 0 4px',
      fontSize: '0.875rem',
      '&::before': { content: 'none' },
    },
    '& td:empty': { display: 'none' },
    // The box stands before the row, whose next cell is then the one that says what it is.
    '& tr:has(> td[data-select])': { position: 'relative', paddingLeft: 36 },
    '& td[data-select]': { position: 'absolute', left: 4, top: 10, width: 'auto', padding: '2px 0' },
    '& td[data-select] + td': {
      display: 'block',
      padding: '2px 0 4px',
      fontSize: '0.875rem',
      '&::before': { content: 'none' },
    },
  },
}))

export const SortButton = styled('button')(({ theme }) => ({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 4,
  minHeight: 24,
  margin: '-2px 0',
  verticalAlign: 'top',
  padding: 0,
  border: 0,
  background: 'none',
  color: 'inherit',
  font: 'inherit',
  cursor: 'pointer',
  borderRadius: 3,
  '[data-align="right"] > &': { flexDirection: 'row-reverse' },
  '& svg': { visibility: 'hidden' },
  '&:hover, [aria-sort] > &': { color: theme.vars.palette.text.primary },
  '&:hover svg, [aria-sort] > & svg': { visibility: 'visible' },
}))
