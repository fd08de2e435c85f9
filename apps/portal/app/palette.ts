/**
 * Every colour of the portal, once per scheme. Red, orange, amber and slate belong to severities, green to
 * "healthy"; the deep sea blue is for what can be acted on. Contrast was computed: each severity has at least
 * 4.5:1 with the text drawn on it and at least 5:1 with the page, secondary text at least 4.5:1 on every surface.
 */
export const lightPalette = {
  primary: { main: '#0b4f7d', dark: '#083b5e', light: '#3a78a3', contrastText: '#ffffff' },
  // Errors speak in words and a mark; red stays with severity.
  error: { main: '#15202b', dark: '#15202b', light: '#52606d', contrastText: '#ffffff' },
  background: { default: '#ffffff', paper: '#ffffff' },
  text: { primary: '#15202b', secondary: '#52606d', disabled: '#76828e' },
  divider: '#e0e5ea',
  surface: {
    rail: '#f5f7f9',
    sunken: '#f6f8fa',
    hover: '#f1f5f8',
    selected: '#e3eef6',
    track: '#e6eaee',
    line: '#8593a0',
  },
  severity: {
    critical: '#7a0c1e',
    high: '#b23a00',
    medium: '#8a6100',
    low: '#4a5b6c',
    unknown: '#5f6b77',
    onFill: '#ffffff',
  },
  healthy: { main: '#1c6b3f' },
}

export const darkPalette: typeof lightPalette = {
  primary: { main: '#85c1ea', dark: '#a9d4f2', light: '#5b9fcb', contrastText: '#0b1720' },
  error: { main: '#e4e9ee', dark: '#e4e9ee', light: '#a3afba', contrastText: '#11161b' },
  background: { default: '#11161b', paper: '#161c22' },
  text: { primary: '#e4e9ee', secondary: '#a3afba', disabled: '#7d8994' },
  divider: '#29323b',
  surface: {
    rail: '#0d1216',
    sunken: '#161c22',
    hover: '#1a2229',
    selected: '#1b2f3f',
    track: '#262f38',
    line: '#6b7885',
  },
  severity: {
    critical: '#ff8b94',
    high: '#ffa05c',
    medium: '#e6c34d',
    low: '#a9bacb',
    unknown: '#9aa6b2',
    onFill: '#121212',
  },
  healthy: { main: '#7ccb97' },
}
