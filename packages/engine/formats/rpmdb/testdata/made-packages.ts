import type { Blob, Note } from '../blob.ts'
import { rpmHeader } from './header-writer.ts'

/**
 * Headers of all lengths that matter to how they are stored: shorter and longer than a page of any size, and one whose
 * last bytes fill an overflow page exactly is among so many.
 */
export const madeBlobs: readonly Buffer[] = [0, 40, 100, 500, 900, 2000, 4000, 4200, 9000, 70_000, 300_000].map(
  (padding, index) =>
    rpmHeader({
      name: `package-${index}`,
      version: `1.${index}`,
      release: '1.el9',
      arch: 'x86_64',
      padding,
    }),
)

/** What a reader gave, and what it noted. */
export function readAll(read: (note: Note) => Iterable<Blob>): { blobs: Blob[]; notes: string[] } {
  const notes: string[] = []
  const blobs = [...read(problem => notes.push(problem))]
  return { blobs, notes }
}

/** In any order, for a hash has none. */
export const sortedHex = (blobs: Iterable<{ readonly bytes: Uint8Array } | Uint8Array>): string[] =>
  Array.from(blobs, one => Buffer.from('bytes' in one ? one.bytes : one).toString('hex')).toSorted()
