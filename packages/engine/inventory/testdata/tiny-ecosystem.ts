import { type Ecosystem, InvalidVersion, type PackageRecord, Unreadable } from '../../ecosystems/ecosystem.ts'

/**
 * An ecosystem as small as one can be: `NAME VERSION` lines in `db/packages`, to which `db/packages-wal` adds what was
 * written last, and in every file of `db/parts`.
 * A line that says "broken" cannot be read, one that says "crash" is a fault of the reader.
 */
export const tiny: Ecosystem = {
  id: 'tiny',
  title: 'Tiny packages',
  databases: ['db/packages', 'db/parts/*'],
  wants: path => /(^|\/)db\/(packages|packages-wal|parts\/[^/]+)$/.test(path) && !path.endsWith('.note'),
  packages: readLines,
  isVersion: version => /^\d+$/.test(version),
  compare,
  advisoryFolders: ['Tiny'],
  feeds: distro => (distro.id === 'tiny' ? [`Tiny:${distro.versionId}`] : []),
  category: () => 'Tiny',
  fixCommand: () => null,
}

function* readLines(
  content: Uint8Array,
  path: string,
  beside?: (fileName: string) => Uint8Array | null,
): Generator<PackageRecord> {
  const last = path.endsWith('/packages') ? beside?.('packages-wal') : null
  const text = [content, last ?? ''].map(part => Buffer.from(part).toString()).join('\n')
  for (const line of text.split('\n').filter(Boolean)) {
    if (line === 'broken') throw new Unreadable(`${path} is broken from here on`)
    if (line === 'crash') throw new TypeError('the reader has a fault')
    if (line === 'hang') for (;;);
    const [name = '', version = ''] = line.split(' ')
    yield { name, version, sourceName: name, sourceVersion: version, arch: 'all' }
  }
}

function compare(a: string, b: string): -1 | 0 | 1 {
  for (const version of [a, b]) if (!/^\d+$/.test(version)) throw new InvalidVersion(version, 'it is no number')
  return Number(a) < Number(b) ? -1 : Number(a) > Number(b) ? 1 : 0
}
