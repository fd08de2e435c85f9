import type { Distro } from '@plimsoll/types'
import { printable } from '../layers/entry-path.ts'

/**
 * Files that say which distribution an image is: os-release(5) in both its places, the first that says something
 * counts; where neither does, what older Alpine and Debian images have.
 */
export const distroFiles = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/alpine-release',
  'etc/debian_version',
]

const distroFileNames = new Set(distroFiles.map(path => path.slice(path.lastIndexOf('/') + 1)))

/** Whether a file of this path may be one of `distroFiles` once links are followed. */
export const wantsDistroFile = (path: string): boolean =>
  distroFileNames.has(path.slice(path.lastIndexOf('/') + 1))

/**
 * The distribution by the contents of `distroFiles`; null when none of them names one.
 *
 * @param read text of one of `distroFiles` in the merged file system, or null when it is not there
 */
export function readDistro(read: (path: string) => string | null): Distro | null {
  const stated = distroOfOsRelease(read('etc/os-release')) ?? distroOfOsRelease(read('usr/lib/os-release'))
  const alpineRelease = firstLine(read('etc/alpine-release'))
  const debianVersion = firstLine(read('etc/debian_version'))
  if (stated !== null) {
    const versionId = stated.versionId || releaseFile(stated.id, alpineRelease, debianVersion)
    return { ...stated, versionId }
  }
  if (alpineRelease !== '') {
    return { id: 'alpine', versionId: alpineRelease, idLike: [], prettyName: `Alpine Linux ${alpineRelease}` }
  }
  return debianVersion === '' ? null : distroOfDebianVersion(debianVersion)
}

/** What fills a missing VERSION_ID: Debian has none in testing, where debian_version names no number either. */
function releaseFile(id: string, alpineRelease: string, debianVersion: string): string {
  if (id === 'alpine') return alpineRelease
  return id === 'debian' && /^\d/.test(debianVersion) ? debianVersion : ''
}

/** `12.5`, or `trixie/sid` in testing. Derivatives carry the file of the Debian they came from, without a name. */
function distroOfDebianVersion(version: string): Distro {
  const numbered = /^\d/.test(version)
  const codename = version.split('/')[0] ?? ''
  return {
    id: 'debian',
    versionId: numbered ? version : '',
    ...(numbered || codename === '' ? {} : { codename }),
    idLike: [],
    prettyName: `Debian GNU/Linux ${version}`,
  }
}

function distroOfOsRelease(text: string | null): Distro | null {
  const fields = readOsRelease(text ?? '')
  const name = fields.get('NAME') ?? ''
  // os-release(5): ID defaults to "linux", which says nothing that NAME would not say better.
  const id = (fields.get('ID') ?? name).toLowerCase()
  if (id === '') return null
  const versionId = fields.get('VERSION_ID') ?? ''
  const codename = fields.get('VERSION_CODENAME') ?? ''
  return {
    id,
    versionId,
    ...(codename === '' ? {} : { codename }),
    idLike: (fields.get('ID_LIKE') ?? '').toLowerCase().split(/\s+/).filter(Boolean),
    prettyName:
      fields.get('PRETTY_NAME') || [name || id, fields.get('VERSION') || versionId].filter(Boolean).join(' '),
  }
}

/** A longer value is no name or number of a release, whatever else it is. */
const maxValueLength = 256

/** Assignments of os-release(5), the last of a name counts as in a shell. Lines that are none are passed over. */
export function readOsRelease(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) {
      fields.set(name.toUpperCase(), printable(unquote(value.trim()).trim()).slice(0, maxValueLength))
    }
  }
  return fields
}

/** A shell word: single quotes hold everything, double quotes and bare words know the backslash. */
function unquote(value: string): string {
  const quote = value[0]
  if (quote === "'") return value.slice(1, closing(value, "'"))
  if (quote !== '"') return value.replace(/\\(.)/g, '$1')
  const [, inner = ''] = /^"((?:[^"\\]|\\.)*)/s.exec(value) ?? []
  return inner.replace(/\\(["$`\\])/g, '$1')
}

function closing(value: string, quote: string): number {
  const end = value.indexOf(quote, 1)
  return end === -1 ? value.length : end
}

const firstLine = (text: string | null): string =>
  printable((/^\s*([^\r\n]*)/.exec(text ?? '')?.[1] ?? '').trim()).slice(0, maxValueLength)
