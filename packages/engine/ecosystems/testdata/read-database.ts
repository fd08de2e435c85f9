import { expect } from 'vitest'
import { type Ecosystem, type PackageRecord, Unreadable } from '../ecosystem.ts'

/** What a reader yielded, and the message that ended it, or null. */
export function readDatabase(ecosystem: Ecosystem, content: string | Uint8Array, path: string) {
  const records: PackageRecord[] = []
  try {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    for (const record of ecosystem.packages(bytes, path)) records.push(record)
    return { records, unreadable: null }
  } catch (error) {
    expect(error).toBeInstanceOf(Unreadable)
    return { records, unreadable: (error as Error).message }
  }
}
