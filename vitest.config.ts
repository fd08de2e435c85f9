import { defineConfig } from 'vitest/config'

const slow = '**/*.slow.test.ts'
/** Those that replace a module, which others must not meet, or measure memory or pauses, which others would add to. */
const isolated = '**/*.isolated.test.ts'
/** Of vitest.soak.config.ts. */
const soak = '**/*.soak.test.ts'

export default defineConfig({
  test: {
    environment: 'node',
    // Ends what hangs, and asserts no time: real parts beside each other on two busy cores take theirs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many wait for a registry or a process; by itself vitest would leave one of two cores idle.
    maxWorkers: '100%',
    allowOnly: false,
    // As the server loads it.
    execArgv: ['--import', new URL('./apps/server/db/drizzle-loading.ts', import.meta.url).href],
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules', '**/dist', slow, soak, isolated],
          sequence: { groupOrder: 0 },
          // Loading the server anew for each of 260 files takes a fifth of the whole time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: [isolated],
          exclude: ['**/node_modules', '**/dist'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [slow],
          exclude: ['**/node_modules', '**/dist'],
          // After the quick ones, one file after the other, so that what they measure is theirs.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
