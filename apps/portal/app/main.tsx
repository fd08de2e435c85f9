import '@fontsource-variable/inter/wght.css'
import './base.css'
import createCache from '@emotion/cache'
import { CacheProvider } from '@emotion/react'
import CssBaseline from '@mui/material/CssBaseline'
import { ThemeProvider } from '@mui/material/styles'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router-dom'
import { router } from './routes.tsx'
import { colorSchemeStorageKey, modeStorageKey, theme } from './theme.ts'
import { queryClient, trpc } from './trpc.ts'

// Every page waits for it, so it is on its way while the first of them is drawn.
void queryClient.prefetchQuery(trpc.session.get.queryOptions())

/** The nonce of this very response, which the server wrote into the page; styles without it are refused. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
const styles = createCache({ key: 'pl', nonce })

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element #root')
createRoot(root).render(
  <StrictMode>
    <CacheProvider value={styles}>
      <ThemeProvider
        theme={theme}
        defaultMode="system"
        noSsr
        modeStorageKey={modeStorageKey}
        colorSchemeStorageKey={colorSchemeStorageKey}
      >
        <CssBaseline />
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </ThemeProvider>
    </CacheProvider>
  </StrictMode>,
)
