import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/**
 * An id that no registry has, made of its host, so that it can be told in URLs and in the registry's configuration:
 * `127.0.0.1:5000` becomes `127-0-0-1-5000`.
 */
export function freeId(db: Db, host: string): string {
  const base = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 90)
  const taken = prepared(db, 'select 1 from registry where id = ?')
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`
    if (taken.get(id) === undefined) return id
  }
}
