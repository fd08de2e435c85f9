import { z } from 'zod'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

export const maxConcurrency = 16

/** Settings of the whole installation, by name, with what each may be. */
const settings = {
  /** Scans at a time. */
  concurrency: z.int().min(1).max(maxConcurrency),
  /** Rules, or what is under which scope, were changed, and which rules hold where is not worked out to the end. */
  rulesToPlace: z.boolean(),
} as const
type Settings = { [Name in keyof typeof settings]: z.infer<(typeof settings)[Name]> }

/** A setting; null until somebody sets it. */
export function readSetting<Name extends keyof Settings>(db: Db, name: Name): Settings[Name] | null {
  const value = prepared(db, 'select value from setting where key = ?').pluck().get(name) as
    | string
    | undefined
  return value === undefined ? null : (settings[name].parse(JSON.parse(value)) as Settings[Name])
}

export function writeSetting<Name extends keyof Settings>(db: Db, name: Name, value: Settings[Name]): void {
  prepared(
    db,
    'insert into setting (key, value) values (?, ?) on conflict do update set value = excluded.value',
  ).run(name, JSON.stringify(value))
}
