import { defineConfig } from 'vitest/config'

/** `npm run soak`: what is too slow for `npm test`, one file after the other. */
export default defineConfig({
  test: {
    include: ['**/*.soak.test.ts'],
    exclude: ['**/node_modules', '**/dist'],
    fileParallelism: false,
    allowOnly: false,
  },
})
