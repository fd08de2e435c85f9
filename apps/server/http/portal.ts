import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import express, { Router } from 'express'
import helmet from 'helmet'

/** What the build writes where the nonce of a response belongs (apps/portal/vite.config.ts). */
const noncePlaceholder = '__CSP_NONCE__'

/** Every path of the portal that is no file is a page of it, for the browser to sort out. */
export function portal(distDir: string): Router {
  const router = Router()
  router.use(
    '/assets',
    // Their names hold a hash of their content.
    express.static(join(distDir, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
  )
  const page = sendPage(distDir)
  // As a file it would go out without its nonce.
  router.get('/index.html', page)
  router.use(express.static(distDir, { index: false, maxAge: 0, etag: true, dotfiles: 'ignore' }))
  router.get('/{*path}', page)
  return router
}

/** Read anew each time: another start may build the portal again, and the files that an older page names are gone then. */
function sendPage(distDir: string): express.RequestHandler {
  return (_request, response) => {
    const page = readPage(distDir)
    if (page === null) {
      response
        .status(503)
        .type('text')
        .send('The portal is not built yet. Start Plimsoll with "npm start", which builds it.\n')
      return
    }
    const { nonce } = response.locals as { nonce: string }
    response.set('cache-control', 'no-store').type('html').send(page.replaceAll(noncePlaceholder, nonce))
  }
}

function readPage(distDir: string): string | null {
  const file = join(distDir, 'index.html')
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

/** A nonce for each response, so that the page's own scripts and styles run and nobody else's. */
export const newNonce: express.RequestHandler = (_request, response, next) => {
  response.locals['nonce'] = randomBytes(16).toString('base64')
  next()
}

const nonceOf = (_request: unknown, response: unknown): string =>
  `'nonce-${(response as express.Response<unknown, { nonce: string }>).locals.nonce}'`

/** Headers for every response: nothing from elsewhere, no inline script, no framing. */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", nonceOf],
      styleSrc: ["'self'", nonceOf],
      // React sets style attributes through the DOM, which no policy minds; what markup brings stays forbidden.
      styleSrcAttr: ["'none'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // Of `strictTransport`: where plain HTTP is spoken, a browser that was told otherwise would not come back.
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
})
