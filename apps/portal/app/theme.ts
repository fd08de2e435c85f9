import { createTheme } from '@mui/material/styles'
import { darkPalette, lightPalette } from './palette.ts'
import { componentStyles } from './theme-components.ts'

type Surfaces = typeof lightPalette.surface
type SeverityColors = typeof lightPalette.severity

declare module '@mui/material/styles' {
  interface CssThemeVariables {
    enabled: true
  }
  interface Palette {
    surface: Surfaces
    severity: SeverityColors
    healthy: { main: string }
  }
  interface PaletteOptions {
    surface?: Surfaces
    severity?: SeverityColors
    healthy?: { main: string }
  }
}

/** Where the chosen mode is kept; `public/color-scheme.js` reads the same key before the first paint. */
export const modeStorageKey = 'plimsoll-mode'
export const colorSchemeStorageKey = 'plimsoll-color-scheme'

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: '[data-color-scheme="%s"]', cssVarPrefix: 'pl' },
  colorSchemes: { light: { palette: lightPalette }, dark: { palette: darkPalette } },
  spacing: 8,
  shape: { borderRadius: 6 },
  breakpoints: { values: { xs: 0, sm: 640, md: 1024, lg: 1200, xl: 1680 } },
  typography: {
    fontFamily: '"Inter Variable", "Inter fallback", system-ui, sans-serif',
    fontSize: 14,
    h1: { fontSize: '1.375rem', lineHeight: 1.3, fontWeight: 620, letterSpacing: '-0.012em' },
    h2: { fontSize: '1rem', lineHeight: 1.5, fontWeight: 600, letterSpacing: '-0.004em' },
    h3: { fontSize: '0.875rem', lineHeight: 1.5, fontWeight: 600 },
    body1: { fontSize: '0.875rem', lineHeight: 1.55 },
    body2: { fontSize: '0.8125rem', lineHeight: 1.5 },
    caption: { fontSize: '0.75rem', lineHeight: 1.5 },
    button: { fontSize: '0.8125rem', fontWeight: 550, textTransform: 'none', letterSpacing: 0 },
  },
  focusVisible: { outlineWidth: '2px', outlineOffset: '2px' },
  components: componentStyles,
})

/** Monospace for digests, versions, paths and commands. */
export const monospace =
  'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace'
