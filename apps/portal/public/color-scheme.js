// Chooses light or dark before the first paint, so that nothing flashes. A file of its own, for the content
// security policy allows no inline script. The keys and the attribute are those of app/theme.ts.
;(() => {
  let mode = null
  try {
    mode = localStorage.getItem('plimsoll-mode')
  } catch {
    // Storage may be blocked; the system's choice is then the best there is.
  }
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)').matches
  const dark = mode === 'dark' || (mode !== 'light' && systemIsDark)
  document.documentElement.setAttribute('data-color-scheme', dark ? 'dark' : 'light')
})()
