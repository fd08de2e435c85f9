import type { Distro } from '@plimsoll/types'
import { parentOf } from '../distributions/derivatives.ts'
import { printable } from '../layers/entry-path.ts'
import { distroOfReleaseLine, distroOfSuseRelease } from './release-files.ts'

/** Red Hat's family before os-release. Rebuilds keep `redhat-release` as Red Hat has it, so their own goes first. */
const releaseLineFiles = [
  'etc/oracle-release',
  'etc/centos-release',
  'etc/rocky-release',
  'etc/almalinux-release',
  'etc/fedora-release',
  'etc/system-release',
  'etc/redhat-release',
]

/**
 * Files that say which distribution an image is: os-release(5) in both its places, the first that says something
 * counts; where neither does, what images from before 2012 have.
 */
export const distroFiles = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/lsb-release',
  ...releaseLineFiles,
  'etc/SuSE-release',
  'etc/alpine-release',
  'etc/debian_version',
]

const distroFileNames = new Set(distroFiles.map(path => path.slice(path.lastIndexOf('/') + 1)))

/** Whether a file of this path may be one of `distroFiles` once links are followed. */
export const wantsDistroFile = (path: string): boolean =>
  distroFileNames.has(path.slice(path.lastIndexOf('/') + 1))

type Read = (path: string) => string | null

/**
 * The distribution by the contents of `distroFiles`; null when none of them names one.
 *
 * @param read text of one of `distroFiles` in the merged file system, or null when it is not there
 */
export function readDistro(read: Read): Distro | null {
  for (const path of ['etc/os-release', 'usr/lib/os-release']) {
    const fields = readOsRelease(read(path) ?? '')
    const stated = distroOfOsRelease(fields)
    if (stated === null) continue
    const distro = { ...stated, ...lackingRelease(stated, read) }
    const parent = parentOf(distro, name => fields.get(name) ?? '')
    return parent === null ? distro : { ...distro, parent }
  }
  return withoutOsRelease(read)
}

/** What fills a missing VERSION_ID: Debian has none in testing, and once had no codename there either. */
function lackingRelease({ id, versionId, codename }: Distro, read: Read): Partial<Distro> {
  if (versionId !== '') return {}
  if (id === 'alpine') return { versionId: firstLine(read('etc/alpine-release')) }
  if (id !== 'debian') return {}
  const { codename: code, versionId: number = '' } = releaseOfDebianVersion(
    firstLine(read('etc/debian_version')),
  )
  return { versionId: number, ...(codename === undefined && code !== undefined ? { codename: code } : {}) }
}

/** Ubuntu carries the `debian_version` of the Debian it came from, so that is asked last. */
function withoutOsRelease(read: Read): Distro | null {
  const byLsb = distroOfLsbRelease(readOsRelease(read('etc/lsb-release') ?? ''))
  if (byLsb !== null) return byLsb
  for (const path of releaseLineFiles) {
    const distro = distroOfReleaseLine(firstLine(read(path)))
    if (distro !== null) return distro
  }
  const suse = distroOfSuseRelease(read('etc/SuSE-release') ?? '', firstLine)
  if (suse !== null) return suse
  const alpine = firstLine(read('etc/alpine-release'))
  if (alpine !== '') {
    return { id: 'alpine', versionId: alpine, idLike: [], prettyName: `Alpine Linux ${alpine}` }
  }
  const debian = firstLine(read('etc/debian_version'))
  if (debian === '') return null
  return {
    id: 'debian',
    versionId: '',
    ...releaseOfDebianVersion(debian),
    idLike: [],
    prettyName: `Debian GNU/Linux ${debian}`,
  }
}

/** `12.5`, or `trixie/sid` in testing and unstable, which it cannot tell apart. */
function releaseOfDebianVersion(version: string): { versionId?: string; codename?: string } {
  if (/^\d/.test(version)) return { versionId: version }
  const [codename = ''] = version.split('/')
  return codename === '' ? {} : { codename }
}

function distroOfOsRelease(fields: ReadonlyMap<string, string>): Distro | null {
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

/** Ubuntu before 12.04. Elsewhere the file may be there and name nothing. */
function distroOfLsbRelease(fields: ReadonlyMap<string, string>): Distro | null {
  const id = fields.get('DISTRIB_ID') ?? ''
  if (id === '') return null
  const versionId = fields.get('DISTRIB_RELEASE') ?? ''
  const codename = fields.get('DISTRIB_CODENAME') ?? ''
  return {
    id: id.toLowerCase(),
    versionId,
    ...(codename === '' ? {} : { codename }),
    idLike: [],
    prettyName: fields.get('DISTRIB_DESCRIPTION') || [id, versionId].filter(Boolean).join(' '),
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
