import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type ArchiveIndex, findMember, indexArchive } from './archive-index.ts'
import { cancelled } from './retry.ts'
import { codeOf } from './rootfs-walk.ts'
import { SourceError } from './source-error.ts'
import { type StoredFile, type StoredFiles, unreadable } from './stored-file.ts'

/** A tar archive that was looked through, and by what it is known again. */
interface Known {
  readonly index: ArchiveIndex
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/**
 * The members of a tar archive on disk, read from where they stand in it: nothing is unpacked. It is looked through
 * once, when the first of them is opened.
 */
export function archiveFiles(file: string): StoredFiles {
  let known: Known | null = null
  return {
    place: file,
    async open(path, signal) {
      if (signal.aborted) throw cancelled(signal)
      const handle = await openArchive(file)
      try {
        const { size: sizeBytes, mtimeMs: modifiedAtMs } = await handle.stat()
        known ??= { index: await indexArchive(handle, sizeBytes, file, signal), sizeBytes, modifiedAtMs }
        if (known.sizeBytes !== sizeBytes || known.modifiedAtMs !== modifiedAtMs) throw changed(file)
        const stored = member(known.index, path, handle, file)
        if (stored === null) await handle.close()
        return stored
      } catch (error) {
        await handle.close()
        throw unreadable(error, file)
      }
    },
  }
}

function member(index: ArchiveIndex, path: string, handle: FileHandle, file: string): StoredFile | null {
  const found = findMember(index, path)
  if (found === null) return null
  const { at, sizeBytes } = found
  if (at !== null) return { handle, at, sizeBytes }
  throw new SourceError('source-unreadable', `${file} holds ${path} as a sparse file.`, {
    hint: 'Write the archive again without sparse files, as docker save and skopeo do.',
  })
}

async function openArchive(file: string): Promise<FileHandle> {
  let handle: FileHandle
  try {
    // Without O_NONBLOCK opening a named pipe would wait for somebody to write to it.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw codeOf(error) === 'ENOENT'
      ? new SourceError('source-unreadable', `There is no file ${file}.`, { cause: error })
      : unreadable(error, file)
  }
  const found = await handle.stat()
  if (found.isFile()) return handle
  await handle.close()
  throw found.isDirectory()
    ? new SourceError('source-unreadable', `${file} is a folder, not an archive.`, {
        hint: `Write oci:${file} for an OCI layout, rootfs:${file} for a root file system.`,
      })
    : new SourceError('source-unreadable', `${file} is not a regular file.`, {
        hint: 'An archive is read from where things stand in it: write it to a file first.',
      })
}

const changed = (file: string): SourceError =>
  new SourceError('source-unreadable', `${file} changed while it was read.`, {
    hint: 'Wait until it is written, and scan it again.',
  })
