import { join } from 'node:path'

/**
 * For the environment of a process that a test starts: has Node.js keep what it compiles of the sources between all of
 * them, as a data folder does from one start to the next. What is kept of a source is used as long as that is the same.
 */
export const compiled = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../../node_modules/.cache/plimsoll-compiled'),
}
