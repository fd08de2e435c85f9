import { registerHooks } from 'node:module'

/**
 * Imported before anything that imports Drizzle: has Node.js load it as CommonJS. Of every ES module of a package
 * Node.js 26 parses the `exports` of its package.json anew (lib/internal/modules/package_json_reader.js), which are
 * 170 kB in Drizzle's: its 120 files take eight times as long that way, in every process and every thread.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, isDrizzle(specifier) ? { ...context, conditions: ['node', 'require'] } : context),
})

function isDrizzle(specifier: string): boolean {
  return specifier === 'drizzle-orm' || specifier.startsWith('drizzle-orm/')
}
