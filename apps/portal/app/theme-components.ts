import type { Components, Theme } from '@mui/material/styles'

/** How MUI's components look here: flat, dense, hairlines instead of shadows. */
export const componentStyles: Components<Theme> = {
  MuiCssBaseline: {
    styleOverrides: {
      html: { scrollPaddingTop: 64, scrollbarGutter: 'stable' },
      body: { fontSize: '0.875rem' },
      a: { color: 'inherit' },
      ':focus-visible': { outline: '2px solid var(--pl-palette-primary-main)', outlineOffset: 2 },
      'h1:focus': { outline: 'none' },
      '@media (prefers-reduced-motion: reduce)': {
        '*, *::before, *::after': {
          transitionDuration: '0.01ms !important',
          animationDuration: '0.01ms !important',
        },
      },
    },
  },
  MuiButtonBase: { defaultProps: { disableRipple: true } },
  MuiButton: {
    defaultProps: { disableElevation: true, size: 'small', variant: 'outlined' },
    styleOverrides: {
      root: { minHeight: 32, paddingInline: 12, whiteSpace: 'nowrap' },
      outlined: ({ theme }) => ({
        borderColor: theme.vars.palette.divider,
        '&:hover': { borderColor: theme.vars.palette.primary.main },
      }),
    },
  },
  MuiIconButton: {
    defaultProps: { size: 'small' },
    styleOverrides: {
      root: ({ theme }) => ({
        borderRadius: theme.vars.shape.borderRadius,
        color: theme.vars.palette.text.secondary,
        '&:hover': {
          color: theme.vars.palette.text.primary,
          backgroundColor: theme.vars.palette.surface.hover,
        },
      }),
    },
  },
  MuiLink: { defaultProps: { underline: 'hover' } },
  MuiTooltip: {
    defaultProps: { enterDelay: 350, enterNextDelay: 100 },
    styleOverrides: {
      tooltip: ({ theme }) => ({
        fontSize: '0.75rem',
        lineHeight: 1.5,
        fontWeight: 450,
        maxWidth: 340,
        color: theme.vars.palette.background.default,
        backgroundColor: theme.vars.palette.text.primary,
      }),
    },
  },
  MuiTabs: {
    styleOverrides: {
      root: ({ theme }) => ({ minHeight: 40, borderBottom: `1px solid ${theme.vars.palette.divider}` }),
      indicator: { height: 2 },
    },
  },
  MuiTab: {
    styleOverrides: {
      root: {
        minHeight: 40,
        minWidth: 0,
        padding: '8px 4px',
        marginRight: 20,
        textTransform: 'none',
        fontWeight: 500,
      },
    },
  },
  MuiSnackbarContent: {
    styleOverrides: {
      root: ({ theme }) => ({
        color: theme.vars.palette.background.default,
        backgroundColor: theme.vars.palette.text.primary,
      }),
    },
  },
  MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
  MuiMenu: { styleOverrides: { list: { paddingBlock: 4 } } },
  MuiMenuItem: { styleOverrides: { root: { minHeight: 32, fontSize: '0.8125rem', paddingInline: 12 } } },
  MuiPopover: {
    defaultProps: { transitionDuration: 80 },
    styleOverrides: {
      paper: ({ theme }) => ({
        border: `1px solid ${theme.vars.palette.divider}`,
        boxShadow: '0 6px 24px rgb(0 0 0 / 0.14)',
      }),
    },
  },
  MuiDialog: {
    styleOverrides: {
      paper: ({ theme }) => ({
        border: `1px solid ${theme.vars.palette.divider}`,
        boxShadow: '0 12px 48px rgb(0 0 0 / 0.24)',
      }),
    },
  },
  MuiDialogTitle: { styleOverrides: { root: { fontSize: '1rem', fontWeight: 600, paddingBottom: 8 } } },
  MuiDialogActions: { styleOverrides: { root: { padding: '8px 24px 20px' } } },
  MuiOutlinedInput: {
    styleOverrides: {
      root: ({ theme }) => ({
        fontSize: '0.8125rem',
        backgroundColor: theme.vars.palette.background.default,
        // An edge that can be seen: 3:1 with the page (WCAG 2.2, 1.4.11).
        '& .MuiOutlinedInput-notchedOutline': { borderColor: theme.vars.palette.surface.line },
      }),
      input: { padding: '7px 10px', height: 18 },
      multiline: { padding: 0 },
    },
  },
  MuiCheckbox: { defaultProps: { size: 'small' }, styleOverrides: { root: { padding: 6 } } },
  MuiRadio: { defaultProps: { size: 'small' }, styleOverrides: { root: { padding: 6 } } },
  MuiSkeleton: { defaultProps: { animation: false, variant: 'rounded' } },
  MuiBreadcrumbs: {
    styleOverrides: {
      root: { fontSize: '0.8125rem' },
      separator: ({ theme }) => ({ marginInline: 6, color: theme.vars.palette.text.disabled }),
    },
  },
}
