import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A folder or file of the real data that lies beside the project (`../shared`), or null where it is not there: then
 * the test says so on the console and passes, for nothing was found wrong.
 */
export function shared(path: string): string | null {
  const found = join(import.meta.dirname, '../../../../shared', path)
  if (existsSync(found)) return found
  console.log(`../shared/${path} is not here: what is tested with it was not tested.`)
  return null
}
