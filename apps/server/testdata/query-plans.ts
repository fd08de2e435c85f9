import type { Db } from '../db/open.ts'

/**
 * How SQLite goes about the statements that work prepares, in its words: `SEARCH s USING INDEX scan_image (…)`. For
 * tests of what reads more than it must; of a statement that was prepared before on this database nothing is told.
 */
export async function queryPlans(db: Db, work: () => unknown): Promise<string[]> {
  const asked = new Set<string>()
  const prepare = db.$client.prepare
  db.$client.prepare = ((text: string) => {
    asked.add(text)
    return prepare.call(db.$client, text)
  }) as typeof prepare
  try {
    await work()
  } finally {
    db.$client.prepare = prepare
  }
  return [...asked].flatMap(text => planOf(db, text))
}

/** What values are bound has no part in it. */
function planOf(db: Db, text: string): string[] {
  const names = Array.from(text.matchAll(/@(\w+)/g), ([, name]) => [name, null] as const)
  const places = Array.from(text.matchAll(/\?/g), () => null)
  const rows = db.$client
    .prepare(`explain query plan ${text}`)
    .all(...places, ...(names.length > 0 ? [Object.fromEntries(names)] : []))
  return (rows as { detail: string }[]).map(({ detail }) => detail)
}
