import type { FileHandle } from 'node:fs/promises'
import { cancelled } from './retry.ts'
import { codeOf } from './rootfs-walk.ts'
import { SourceError } from './source-error.ts'

/** A file of an image that is kept on disk, open for reading: a file of a folder, or a stretch of an archive. */
export interface StoredFile {
  readonly handle: FileHandle
  /** Where in the open file it begins. */
  readonly at: number
  readonly sizeBytes: number
}

/** The files that images are kept in. Nothing outside of the folder or archive can be named, whatever the path. */
export interface StoredFiles {
  /** The folder or the archive, for people. */
  readonly place: string
  /**
   * Opens a file by its path, with slashes, from the folder or archive on; the caller closes it.
   * @returns null when there is none
   * @throws SourceError `source-unreadable` when it is none that can be read, `cancelled`
   */
  open(path: string, signal: AbortSignal): Promise<StoredFile | null>
}

const chunkBytes = 256 * 1024

/** The bytes of a file, which stays open. @throws SourceError `source-unreadable`, `cancelled` */
export async function* chunksOf(
  { handle, at, sizeBytes }: StoredFile,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let read = 0; read < sizeBytes; ) {
    if (signal.aborted) throw cancelled(signal)
    const wanted = Math.min(chunkBytes, sizeBytes - read)
    // A buffer of its own for each chunk: whoever reads may keep it.
    const { bytesRead, buffer } = await handle
      .read(Buffer.allocUnsafe(wanted), 0, wanted, at + read)
      .catch((error: unknown) => {
        throw unreadable(error, what)
      })
    if (bytesRead === 0) throw unreadable(new Error('It became shorter while it was read.'), what)
    read += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** All bytes of a file, which is closed. @throws SourceError `manifest-invalid` when it has more than `maxBytes` */
export async function readSmall(
  file: StoredFile,
  maxBytes: number,
  what: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    if (file.sizeBytes > maxBytes) {
      throw new SourceError('manifest-invalid', `${what} is larger than ${maxBytes / 1024 / 1024} MiB.`)
    }
    return Buffer.concat(await Array.fromAsync(chunksOf(file, what, signal)))
  } finally {
    await file.handle.close()
  }
}

/** What reading a file ended in, as the world's error. */
export function unreadable(error: unknown, what: string): SourceError {
  if (error instanceof SourceError) return error
  const code = codeOf(error)
  const shown = code === 'unknown error' ? '' : ` (${code})`
  return new SourceError('source-unreadable', `${what} cannot be read${shown}.`, { cause: error })
}

/** Whether there is such a file. */
export async function has(files: StoredFiles, path: string, signal: AbortSignal): Promise<boolean> {
  const file = await files.open(path, signal)
  await file?.handle.close()
  return file !== null
}

/** What is there, for people: "v1, v2 and 3 more". */
export function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ')
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown
}
