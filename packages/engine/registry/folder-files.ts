import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { cancelled } from './retry.ts'
import { codeOf } from './rootfs-walk.ts'
import { SourceError } from './source-error.ts'
import { type StoredFile, type StoredFiles, unreadable } from './stored-file.ts'

/**
 * The regular files of a folder. Symbolic links are followed only as far as they stay inside: a folder made by
 * someone else must not be able to show us our own files.
 */
export const folderFiles = (directory: string): StoredFiles => ({
  place: directory,
  open: (path, signal) => openInside(directory, path, signal),
})

async function openInside(directory: string, path: string, signal: AbortSignal): Promise<StoredFile | null> {
  if (signal.aborted) throw cancelled(signal)
  try {
    const root = await realpath(directory)
    const real = await realpath(join(root, path))
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) {
      throw new SourceError(
        'source-unreadable',
        `${join(directory, path)} is a link that leads out of the folder.`,
      )
    }
    // Without O_NONBLOCK opening a named pipe would wait for somebody to write to it.
    const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const found = await handle.stat()
    if (found.isFile()) return { handle, at: 0, sizeBytes: found.size }
    await handle.close()
    throw new SourceError('source-unreadable', `${join(directory, path)} is not a regular file.`)
  } catch (error) {
    if (isMissing(error)) return null
    throw unreadable(error, join(directory, path))
  }
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error))
