import { lstat, readdir, realpath, stat, statfs } from 'node:fs/promises'
import { cancelled } from './retry.ts'
import { SourceError } from './source-error.ts'

/** Something in a folder. Paths are bytes, since a file system's need not be UTF-8; relative, no leading slash. */
export type Found =
  | { readonly type: 'directory' | 'symlink' | 'file'; readonly path: Buffer }
  /** Something that is there and could not be looked at. `code` is the system's, e.g. EACCES. */
  | { readonly type: 'unreadable'; readonly path: Buffer; readonly code: string }
  /** As many entries were looked at as may be; more are there. */
  | { readonly type: 'limit' }

/** File systems that the kernel makes up (magic numbers of statfs(2)): they hold no packages and have no end. */
const kernelFileSystems = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x1cd1, // devpts
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0x6165676c, // pstore
  0xcafe4a11, // bpf
  0xde5e81e4, // efivarfs
  0x62656570, // configfs
])

/** Linux takes no longer path in one piece (PATH_MAX, less its NUL); a tree may well be deeper. */
const maxPathBytes = 4095

/** @throws SourceError `source-unreadable` when it is not a folder that can be read */
export async function realDirectory(directory: string): Promise<string> {
  try {
    const real = await realpath(directory)
    if ((await stat(real)).isDirectory()) return real
  } catch (cause) {
    throw new SourceError('source-unreadable', `The folder ${directory} cannot be read (${codeOf(cause)}).`, {
      cause,
    })
  }
  throw new SourceError('source-unreadable', `${directory} is not a folder.`, {
    hint: 'Name the folder that an image or a system was unpacked into.',
  })
}

/**
 * Everything in a folder, depth first, in the order of the names' bytes. Symbolic links are reported and never
 * followed. Devices, pipes and sockets are passed over, as are the kernel's own file systems.
 */
export async function* walkFolder(
  root: string,
  maxEntries: number,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  let entries = 0
  // A stack of its own: a tree can be deeper than calls may be.
  const open: { readonly path: Buffer; readonly device: number }[] = [
    { path: Buffer.alloc(0), device: (await lstat(root)).dev },
  ]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const inside: typeof open = []
    const content = await contentOf(root, folder.path)
    if ('code' in content) {
      yield { type: 'unreadable', path: folder.path, code: content.code }
      continue
    }
    for (const entry of content.entries) {
      if (signal.aborted) throw cancelled(signal)
      entries += 1
      if (entries > maxEntries) {
        yield { type: 'limit' }
        return
      }
      const path = folder.path.length === 0 ? entry.name : Buffer.concat([folder.path, slash, entry.name])
      const device = entry.isDirectory() ? await deviceOf(absolute(root, path)) : null
      if (absolute(root, path).length > maxPathBytes) yield { type: 'unreadable', path, code: 'ENAMETOOLONG' }
      else if (entry.isSymbolicLink()) yield { type: 'symlink', path }
      else if (entry.isFile()) yield { type: 'file', path }
      else if (entry.isDirectory()) {
        yield { type: 'directory', path }
        const isMount = device !== null && device !== folder.device
        if (isMount && (await isKernelMade(absolute(root, path)))) continue
        inside.push({ path, device: device ?? folder.device })
      }
    }
    open.push(...inside.reverse())
  }
}

export const slash = Buffer.from('/')

/** The path as the system takes it. */
export const absolute = (root: string, path: Buffer): Buffer =>
  Buffer.concat([Buffer.from(root.endsWith('/') ? root : `${root}/`), path])

async function contentOf(root: string, path: Buffer) {
  try {
    const entries = await readdir(absolute(root, path), { encoding: 'buffer', withFileTypes: true })
    return { entries: entries.sort((a, b) => Buffer.compare(a.name, b.name)) }
  } catch (error) {
    return { code: codeOf(error) }
  }
}

/** Null when it cannot be told; reading the folder then says why. */
async function deviceOf(path: Buffer): Promise<number | null> {
  return await lstat(path).then(
    ({ dev }) => dev,
    () => null,
  )
}

/** Whether a folder is the root of a file system of the kernel's own. */
export async function isKernelMade(path: Buffer | string): Promise<boolean> {
  return await statfs(path).then(
    ({ type }) => kernelFileSystems.has(type),
    () => false,
  )
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error'
