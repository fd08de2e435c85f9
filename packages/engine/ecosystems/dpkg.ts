import type { Distro } from '@plimsoll/types'
import { readStanzas } from '../formats/deb822.ts'
import { type Ecosystem, type Fix, type PackageRecord, Unreadable } from './ecosystem.ts'
import { compareDebianVersions, parseDebianVersion } from './versions/debian.ts'

const fields = new Set(['package', 'status', 'version', 'architecture', 'source'])

/**
 * States of a package (dpkg(1)) whose files may be on the disk. `half-installed` and `unpacked` count: an unpacking
 * that was cut short leaves code behind, and code that is there can be run whether or not it was configured.
 * `not-installed` and `config-files` (removed, settings kept) do not.
 */
const presentStates = new Set([
  'installed',
  'unpacked',
  'half-configured',
  'half-installed',
  'triggers-awaited',
  'triggers-pending',
])

const absentStates = new Set(['not-installed', 'config-files'])

/** What else dpkg keeps of a package, which builders of images without dpkg put beside it in `status.d`. */
const besides =
  /\.(md5sums|list|conffiles|config|templates|triggers|symbols|shlibs|preinst|postinst|prerm|postrm)$/

/** Debian and Ubuntu: dpkg's status database, and the directory of single stanzas that distroless images have. */
export const dpkg: Ecosystem = {
  id: 'deb',
  title: 'Debian packages (dpkg)',
  databases: ['var/lib/dpkg/status', 'var/lib/dpkg/status.d/*'],
  wants: path => /(^|\/)dpkg\/(status|status\.d\/[^/]+)$/.test(path) && !besides.test(path),
  packages: readStatus,
  isVersion,
  compare: compareDebianVersions,
  advisoryFolders: ['Debian', 'Ubuntu'],
  feeds: distro => [feed(distro) ?? []].flat(),
  paidFeed: feed => (feed.startsWith('Ubuntu:') ? feed.replace('Ubuntu:', 'Ubuntu:Pro:') : null),
  isPaidVersion: version => /[+~]esm\d/.test(version),
  category: distro => (distro?.id === 'ubuntu' ? 'Ubuntu' : 'Debian'),
  fixCommand,
}

function* readStatus(content: Uint8Array, path: string): Generator<PackageRecord> {
  if (besides.test(path)) return
  if (content.includes(0)) throw new Unreadable(`${path} is not a dpkg database: it holds zero bytes`)
  const text = new TextDecoder().decode(content)
  // A file of status.d says by being there that its package is installed; in the database proper, dpkg takes a
  // stanza without a Status for one that is only known.
  const statusWhenMissing = /(^|\/)status\.d\/[^/]+$/.test(path)
    ? 'install ok installed'
    : 'install ok not-installed'
  const problems: string[] = []

  for (const stanza of readStanzas(text, fields)) {
    // dpkg reads names and states in any case, and writes them in lower case.
    const name = (stanza.fields.get('package') ?? '').toLowerCase()
    const version = stanza.fields.get('version') ?? ''
    const where = name === '' ? `the stanza at line ${stanza.line}` : `"${name}" at line ${stanza.line}`
    if (stanza.problem !== null) problems.push(`${where}: ${stanza.problem}`)
    if (name === '') {
      if (stanza.problem === null) problems.push(`${where} names no package`)
      continue
    }
    const state = (stanza.fields.get('status') ?? statusWhenMissing).split(/\s+/)[2]?.toLowerCase() ?? ''
    if (absentStates.has(state)) continue
    if (!presentStates.has(state)) {
      problems.push(`${where} has a status that does not say whether it is installed`)
      continue
    }
    if (version === '') {
      problems.push(`${where} has no version`)
      continue
    }
    yield {
      name,
      version,
      ...source(stanza.fields.get('source'), name, version),
      arch: stanza.fields.get('architecture') ?? '',
    }
  }
  if (problems.length > 0) throw new Unreadable(`${path} could not be read in full: ${summary(problems)}`)
}

/** `Source: glibc (2.36-9)`: the version stands there only where it differs from the package's own. */
function source(field: string | undefined, name: string, version: string) {
  const [, sourceName, sourceVersion] = /^(\S+)(?:\s*\(\s*([^)\s]+)\s*\))?/.exec(field ?? '') ?? []
  return { sourceName: sourceName ?? name, sourceVersion: sourceVersion ?? version }
}

function summary(problems: readonly string[]): string {
  const shown = problems.slice(0, 3).join('; ')
  return problems.length > 3 ? `${shown}; and ${problems.length - 3} more` : shown
}

function isVersion(version: string): boolean {
  try {
    parseDebianVersion(version)
    return true
  } catch {
    return false
  }
}

/** Debian's testing has no VERSION_ID until it is released. */
const releaseOfCodename: Readonly<Record<string, string>> = { bookworm: '12', trixie: '13', forky: '14' }

/** OSV's names: `Debian:12`; `Ubuntu:22.04:LTS`, `Ubuntu:23.10`. */
function feed(distro: Distro): string | null {
  if (distro.id === 'debian') {
    const release = distro.versionId || (releaseOfCodename[distro.codename ?? ''] ?? '')
    const [, major, minor] = /^(\d+)(\.\d+)?/.exec(release) ?? []
    if (major === undefined) return null
    // From Debian 7 on a point release changes the number behind the dot, before that it was the release's own.
    return `Debian:${Number(major) >= 7 ? major : `${major}${minor ?? '.0'}`}`
  }
  if (distro.id === 'ubuntu') {
    const [, year, month] = /^(\d+)\.(\d\d)/.exec(distro.versionId) ?? []
    if (year === undefined) return null
    const lts = Number(year) % 2 === 0 && month === '04'
    return `Ubuntu:${year}.${month}${lts ? ':LTS' : ''}`
  }
  return null
}

/** Names come out of untrusted images and end in a command that people copy: only dpkg's own alphabet gets there. */
const safeName = /^[a-z0-9][a-z0-9+.-]*$/

function fixCommand(fix: Fix): string | null {
  if (fix.packageNames.length === 0 || !fix.packageNames.every(name => safeName.test(name))) return null
  return `apt-get update && apt-get install --only-upgrade -y ${fix.packageNames.join(' ')}`
}
