import { readStanzas, type Stanza } from '../formats/deb822.ts'
import { type PackageRecord, Unreadable } from './ecosystem.ts'
import { named, Problems } from './problems.ts'

const fields = new Set(['package', 'status', 'version', 'architecture', 'source', 'maintainer', 'vendor'])

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

/** As dpkg has it (`pkg_name_is_illegal`), which is wider than policy. */
const packageName = /^[a-z0-9][a-z0-9+._-]*$/

/**
 * Packages of dpkg's status file, or of a file of `status.d`.
 * @throws Unreadable at the end, where stanzas were damaged
 */
export function* readStatus(content: Uint8Array, path: string): Generator<PackageRecord> {
  const text = new TextDecoder().decode(content)
  // A file of status.d says by being there that its package is installed; in the database proper, dpkg takes a
  // stanza without a Status for one that is only known.
  const statusWhenMissing = isSingle(path) ? 'install ok installed' : 'install ok not-installed'
  const problems = new Problems()
  let stanzas = 0
  let isText = false

  for (const stanza of readStanzas(text, fields)) {
    stanzas += 1
    isText ||= stanza.fields.size > 0
    const record = readStanza(stanza, statusWhenMissing, problem => problems.add(problem))
    if (record !== null) yield record
  }
  if (stanzas > 0 && !isText && content.includes(0)) {
    throw new Unreadable(`${path} is not a dpkg database: it holds zero bytes and no package`)
  }
  problems.throwIfAny(path)
}

const isSingle = (path: string): boolean => /(^|\/)status\.d\/[^/]+$/.test(path)

function readStanza(
  { line, fields, problem }: Stanza,
  statusWhenMissing: string,
  report: (problem: string) => void,
): PackageRecord | null {
  // dpkg reads names and states in any case, and writes them in lower case.
  const name = valueOf(fields, 'package').toLowerCase()
  const version = valueOf(fields, 'version')
  const where = name === '' ? `the stanza at line ${line}` : `${named(name)} at line ${line}`
  if (problem !== null) report(`${where}: ${problem}`)
  if (name === '') {
    if (problem === null) report(`${where} names no package`)
    return null
  }
  const status = fields.has('status') ? valueOf(fields, 'status') : statusWhenMissing
  const state = status.split(/\s+/, 3)[2]?.toLowerCase() ?? ''
  if (absentStates.has(state)) return null
  if (!presentStates.has(state)) {
    report(`${where} has a status that does not say whether it is installed`)
    return null
  }
  if (version === '' || !packageName.test(name)) {
    report(`${where} has ${version === '' ? 'no version' : 'a name that no package can have'}`)
    return null
  }
  return {
    name,
    version,
    ...sourceOf(valueOf(fields, 'source'), name, version),
    arch: valueOf(fields, 'architecture'),
    vendor: builderOf(valueOf(fields, 'maintainer'), fields.has('vendor') ? valueOf(fields, 'vendor') : null),
  }
}

/** dpkg ends a value at a zero byte, for it has it as a string of C. */
function valueOf(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name) ?? ''
  const zero = value.indexOf('\0')
  // A line of white space below a field is part of its value, and the end of none.
  return (zero === -1 ? value : value.slice(0, zero)).trimEnd()
}

/** `Source: glibc (2.36-9)`: the version stands there only where it differs from the package's own. */
function sourceOf(field: string, name: string, version: string) {
  const [, sourceName, sourceVersion] = /^([^\s(]+)(?:\s*\(\s*([^)\s]+)\s*\))?/.exec(field) ?? []
  const signed = signedKernelOf(sourceName ?? '')
  if (signed !== null) return { sourceName: signed, sourceVersion: version }
  return { sourceName: sourceName ?? name, sourceVersion: sourceVersion ?? version }
}

/**
 * Signed kernels are packed a second time, from a source that advisories never name: Debian's `linux-signed-amd64
 * (5.10.46+4)` and Ubuntu's `linux-signed-hwe-5.15` hold what was built from `linux` and `linux-hwe-5.15`, in the
 * version that the binary package has.
 */
function signedKernelOf(source: string): string | null {
  if (!/^linux-signed(-|$)/.test(source)) return null
  return source.replace('-signed', '').replace(/-(amd64|arm64|i386)$/, '')
}

/**
 * `Maintainer`, which policy wants with an address. `Vendor` is no field of Debian's or Ubuntu's: builders for many
 * formats write it into packages of other companies, or "none" where nobody told them. Such a one is given without an
 * address, so that it can be told.
 */
function builderOf(maintainer: string, vendor: string | null): string {
  if (vendor === null) return maintainer
  const [name = ''] = (/^(none|)$/i.test(vendor) ? maintainer : vendor).split('<', 1)
  return name.trim() || 'an unnamed builder'
}
