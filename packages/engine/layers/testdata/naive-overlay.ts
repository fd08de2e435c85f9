import { posix } from 'node:path'
import type { TarEntry } from '../../formats/tar-writer.ts'

/**
 * The overlay once more, as plainly as it can be said: one flat table of full paths, searched from end to end for
 * everything. Slow, and of another build than `overlay.ts`: what both say is likely true.
 */
export type Thing =
  | { kind: 'directory' }
  | { kind: 'symlink'; target: string }
  | { kind: 'special' }
  /** `layer` is where the content is from; null content is a hard link to nothing. */
  | { kind: 'file'; content: string | null; layer: number }

export type Table = Map<string, Thing>

const text = (value: string | Uint8Array | undefined): string => Buffer.from(value ?? '').toString('latin1')

export function naiveMerge(layers: readonly (readonly TarEntry[])[]): Table {
  let table: Table = new Map()
  for (const [index, entries] of layers.entries()) table = applyNaively(table, entries, index)
  return table
}

function applyNaively(before: Table, entries: readonly TarEntry[], layer: number): Table {
  const table: Table = new Map(before)
  /** Paths that are there because of this layer, with the directories they are in. */
  const own = new Set<string>()
  const below = (path: string): string[] => [...table.keys()].filter(key => key.startsWith(`${path}/`))
  const claim = (path: string): void => {
    for (let each = path; each !== '.' && each !== ''; each = posix.dirname(each)) own.add(each)
  }
  const remove = (path: string): void => {
    for (const gone of [path, ...below(path)]) {
      table.delete(gone)
      own.delete(gone)
    }
  }
  const place = (path: string, thing: Thing): void => {
    remove(path)
    table.set(path, thing)
    claim(path)
  }
  const makeDirectory = (path: string): void => {
    if (table.get(path)?.kind !== 'directory') place(path, { kind: 'directory' })
    claim(path)
  }

  for (const entry of entries) {
    const path = posix.join('/', text(entry.path)).slice(1).replace(/\/$/, '')
    const name = posix.basename(path)
    const directory = posix.dirname(path)
    if (path === '' || path === 'stargz.index.json') continue
    if (name.startsWith('.wh.')) {
      const real = find(table, directory, true)
      if (real === null || !(real === '' || table.get(real)?.kind === 'directory')) continue
      const hidden = name.slice(4)
      const victims = name === '.wh..wh..opq' ? below(real).concat(real === '' ? [...table.keys()] : []) : []
      if (!['', '.', '..'].includes(hidden) && !hidden.startsWith('.wh.')) {
        const victim = posix.join(real, hidden)
        victims.push(victim, ...below(victim))
      }
      for (const victim of victims) if (!own.has(victim)) table.delete(victim)
      continue
    }
    const parent = find(table, directory, true, makeDirectory)
    if (parent === null) continue
    claim(parent)
    const place_ = posix.join(parent, name)
    switch (entry.kind ?? 'file') {
      case 'file':
        place(place_, { kind: 'file', content: text(entry.content), layer })
        break
      case 'symlink':
        place(place_, { kind: 'symlink', target: text(entry.linkPath) })
        break
      case 'fifo':
        place(place_, { kind: 'special' })
        break
      case 'directory':
        makeDirectory(place_)
        break
      case 'hardlink': {
        const linked = posix.join('/', text(entry.linkPath)).slice(1).replace(/\/$/, '')
        const real = linked === '' ? '' : find(table, linked, false)
        const target = real === null ? undefined : table.get(real)
        if (real === '' || target?.kind === 'directory') break
        if (target === undefined) place(place_, { kind: 'file', content: null, layer })
        else if (real !== place_) place(place_, { ...target })
      }
    }
  }
  return table
}

/**
 * The path without links, or null when there is none. With `make`, what is missing becomes directories; a path that
 * leaves what is missing by `..` is taken as it reads.
 */
export function find(table: Table, path: string, followLast: boolean, make?: (path: string) => void): string | null {
  let ahead = path.split('/').filter(part => part !== '' && part !== '.')
  let here = ''
  let there = ''
  for (let links = 0; ahead.length > 0; ) {
    const [part = '', ...rest] = ahead
    ahead = rest
    if (part === '..') {
      here = here.includes('/') ? posix.dirname(here) : ''
      if (there.length > here.length) there = here
      continue
    }
    const next = here === '' ? part : `${here}/${part}`
    const thing = here === there ? table.get(next) : undefined
    if (thing?.kind === 'symlink' && (rest.length > 0 || followLast)) {
      links += 1
      if (links > 40) return null
      if (thing.target.startsWith('/')) here = there = ''
      ahead = [...thing.target.split('/').filter(each => each !== '' && each !== '.'), ...rest]
      continue
    }
    here = next
    if (thing?.kind === 'directory') there = next
    else if (!make) return rest.length === 0 && thing !== undefined ? next : null
  }
  const missing = here.slice(there.length).split('/').filter(Boolean)
  for (const part of missing) {
    there = there === '' ? part : `${there}/${part}`
    make?.(there)
  }
  return here
}
