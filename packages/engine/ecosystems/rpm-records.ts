import type { Blob, Note } from '../formats/rpmdb/blob.ts'
import { readRpmHeader, rpmTags } from '../formats/rpmdb/header.ts'
import type { PackageRecord } from './ecosystem.ts'
import { named } from './problems.ts'

/** A package as its header or line has it. */
interface Installed {
  readonly name: string
  /** Digits, or null where it has none. */
  readonly epoch: string | null
  readonly versionRelease: string
  readonly arch: string
  readonly sourceRpm: string
  readonly module: string | null
  readonly vendor: string | null
}

/** The packages whose headers these are; what is wrong with one is noted. */
export function* packagesOfHeaders(blobs: Iterable<Blob>, note: Note): Generator<Installed> {
  for (const { bytes, place } of blobs) {
    const { values, problem } = readRpmHeader(bytes)
    const text = (tag: number): string => String(values.get(tag) ?? '')
    const name = text(rpmTags.name)
    // Keys that were imported, kept as if they were packages.
    if (name === 'gpg-pubkey') continue
    const where = name === '' ? `the package of ${place}` : `${named(name)} of ${place}`
    if (problem !== null) note(`${where}: ${problem}`)
    const [version, release] = [text(rpmTags.version), text(rpmTags.release)]
    if (name === '' || version === '' || release === '') {
      if (problem === null) note(`${where} has no ${name === '' ? 'name' : 'version'}`)
      continue
    }
    yield {
      name,
      epoch: text(rpmTags.epoch) || null,
      versionRelease: `${version}-${release}`,
      arch: text(rpmTags.arch),
      sourceRpm: text(rpmTags.sourceRpm),
      module: moduleOf(text(rpmTags.modularityLabel)),
      vendor: text(rpmTags.vendor) || null,
    }
  }
}

/** MODULARITYLABEL is `name:stream:version:context`; a stream is what a module's packages are built and fixed in. */
function moduleOf(label: string): string | null {
  return /^[^:]+:[^:]+/.exec(label)?.[0] ?? null
}

const lineFeed = 0x0a
const maxLineBytes = 16 * 1024

/**
 * Lines of `rpm -qa`, as the makers of the image asked for them: name, version and release, install and build time,
 * vendor, epoch, size, architecture, epoch as a number, source rpm.
 */
export function* packagesOfManifest(content: Uint8Array, note: Note): Generator<Installed> {
  const utf8 = new TextDecoder()
  let lineNumber = 0
  for (let start = 0; start < content.length; ) {
    const newline = content.indexOf(lineFeed, start)
    const end = newline === -1 ? content.length : newline
    // A line that is longer than any is cut off, and then is no package.
    const line = utf8.decode(content.subarray(start, Math.min(end, start + maxLineBytes))).trimEnd()
    const isCut = end - start > maxLineBytes
    start = end + 1
    lineNumber += 1
    if (line === '' && !isCut) continue
    const fields = line.split('\t', 11).map(field => (field === '(none)' ? '' : field))
    const [name = '', versionRelease = '', , , vendor = '', epoch = '', , arch = '', , sourceRpm = ''] =
      fields
    if (name === 'gpg-pubkey') continue
    const isPackage =
      !isCut && fields.length === 10 && name !== '' && versionRelease !== '' && /^\d*$/.test(epoch)
    if (!isPackage) {
      note(`line ${lineNumber} is no package`)
      continue
    }
    yield {
      name,
      epoch: epoch || null,
      versionRelease,
      arch,
      sourceRpm,
      module: null,
      vendor: vendor || null,
    }
  }
}

/** How much is held back to look for a source's epoch; of a real database it is all. */
const maxHeld = 50_000
const maxHeldCharacters = 4e6

/**
 * Records with the version of their source. A source rpm's file name has no epoch. The one that a package of the same
 * version and release has is the source's, for packages take it from there; and it is the source's as well for those
 * packages of the same source that have versions of their own (perl-4:5.26.3 brings perl-Errno-0:1.28).
 */
export function* recordsOf(packages: Iterable<Installed>): Generator<PackageRecord> {
  let held: Installed[] = []
  let characters = 0
  for (const one of packages) {
    held.push(one)
    characters += charactersOf(one)
    if (held.length < maxHeld && characters < maxHeldCharacters) continue
    yield* recordsWithSource(held)
    held = []
    characters = 0
  }
  yield* recordsWithSource(held)
}

const charactersOf = ({ name, versionRelease, arch, sourceRpm, module, vendor }: Installed): number =>
  [name, versionRelease, arch, sourceRpm, module ?? '', vendor ?? ''].reduce(
    (sum, text) => sum + text.length,
    0,
  )

function* recordsWithSource(packages: readonly Installed[]): Generator<PackageRecord> {
  const epochs = new Map<string, string>()
  for (const { sourceRpm, versionRelease, epoch } of packages) {
    if (epoch !== null && sourceOf(sourceRpm)?.versionRelease === versionRelease) epochs.set(sourceRpm, epoch)
  }
  for (const one of packages) {
    const version = withEpoch(one.epoch, one.versionRelease)
    const source = sourceOf(one.sourceRpm)
    yield {
      name: one.name,
      version,
      sourceName: source?.name ?? one.name,
      sourceVersion:
        source === null ? version : withEpoch(epochs.get(one.sourceRpm) ?? null, source.versionRelease),
      arch: one.arch,
      ...(one.module === null ? {} : { module: one.module }),
      ...(one.vendor === null ? {} : { vendor: one.vendor }),
    }
  }
}

const withEpoch = (epoch: string | null, versionRelease: string): string =>
  epoch === null ? versionRelease : `${epoch}:${versionRelease}`

/** `bash-4.4-19.6.1.src.rpm`; `nosrc` where the sources may not be given on. */
function sourceOf(sourceRpm: string): { name: string; versionRelease: string } | null {
  const [, name, versionRelease] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(sourceRpm) ?? []
  return name === undefined || versionRelease === undefined ? null : { name, versionRelease }
}
