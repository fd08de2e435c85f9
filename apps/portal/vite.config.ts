import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where the development server finds the API: a Plimsoll server started beside it. */
const apiUrl = process.env.PLIMSOLL_URL ?? 'http://127.0.0.1:8080'

/**
 * Pages in one file, without what they import: that would go with them even where other pages need it. What no page
 * outside of the subject imports belongs to its pattern, or it would land in a file that imports this one in turn.
 */
const subject = (name: string, test: RegExp) => ({ name, test, includeDependenciesRecursively: false })

export default defineConfig({
  plugins: [react()],
  // The server replaces this literal with a fresh nonce in every response, see its content security policy.
  html: { cspNonce: '__CSP_NONCE__' },
  server: { proxy: { '/api': { target: apiUrl } } },
  build: {
    target: 'baseline-widely-available',
    // The bundle budgets of the browser tests read it.
    manifest: true,
    // Everything stays a file of its own: the policy allows no data: URL but for images.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    // What pages share goes into one file, and so do pages of one subject, which are opened one after the other:
    // in dozens of small files code compresses a tenth worse.
    rolldownOptions: {
      // Nothing here has a getter that does more than get.
      treeshake: { propertyReadSideEffects: false },
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'shared',
              test: /portal\/(?:app|connection|finding|lib|notices|pages|ui)\//,
              minShareCount: 2,
              priority: 1,
            },
            subject(
              'rules',
              /portal\/(?:rule\/(?!place\.)|pages\/(?:rules?|new-rule|edit-rule|disable-rule)\/)|ListSubheader\//,
            ),
            subject(
              'registries',
              /portal\/(?:lib\/connection-hint|pages\/(?:registry|registries|(?:connect|edit)-registry|repository|images)\/)/,
            ),
            subject(
              'administration',
              /portal\/(?:lib\/(?:money|read-whole)\.|pages\/(?:billing|clusters|imports|scans|scopes|settings|subscription)\/)/,
            ),
          ],
        },
      },
    },
  },
})
