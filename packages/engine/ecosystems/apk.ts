import type { Distro } from '@plimsoll/types'
import { knownReleaseOf } from '../distributions/families.ts'
import { repositoriesOf } from './apk-repositories.ts'
import { type Ecosystem, type Fix, type PackageRecord, Unreadable } from './ecosystem.ts'
import { named, Problems } from './problems.ts'
import { compareAlpineVersions, isAlpineVersion } from './versions/alpine.ts'

/** Says again which release it is, and may say another than os-release does. */
const releaseFile = 'etc/alpine-release'

/** Alpine, Wolfi and Chainguard: apk's database of installed packages, in every place it has had. */
export const apk: Ecosystem = {
  id: 'apk',
  title: 'Alpine packages (apk)',
  databases: ['lib/apk/db/installed', 'usr/lib/apk/db/installed', 'var/lib/apk/db/installed'],
  wants: path =>
    /(^|\/)apk\/(db\/installed|repositories|repositories\.d\/[^/]+\.list)$/.test(path) ||
    /(^|\/)alpine-release$/.test(path),
  settings: ['etc/apk/repositories', 'etc/apk/repositories.d/*', releaseFile],
  otherReleases,
  packages: readInstalled,
  isVersion: isAlpineVersion,
  compare: compareAlpineVersions,
  advisoryFolders: ['Alpine', 'Wolfi', 'Chainguard'],
  feeds: distro => [feedOf(distro) ?? []].flat(),
  // Alpine's advisories name origins; Wolfi's and Chainguard's name every package that was built of one.
  advisoryNames: feed => (feed.startsWith('Alpine:') ? 'source' : 'binary'),
  category: distro => feedsWithoutRelease.get(distro?.id ?? '') ?? 'Alpine',
  fixCommand,
}

/** Distributions without releases, by id, with OSV's name of their feed. */
const feedsWithoutRelease: ReadonlyMap<string, string> = new Map([
  ['wolfi', 'Wolfi'],
  ['chainguard', 'Chainguard'],
])

/** OSV's names: `Alpine:v3.10`. An edge image calls itself by the next release and the day: `3.21_alpha20240807`. */
function feedOf(distro: Distro): string | null {
  if (distro.id !== 'alpine') return feedsWithoutRelease.get(distro.id) ?? null
  if (knownReleaseOf(distro)?.version === 'edge') return 'Alpine:edge'
  const [, release] = /^(\d+\.\d+)(\.|_|$)/.exec(distro.versionId) ?? []
  return release === undefined ? null : `Alpine:v${release}`
}

function otherReleases(settings: ReadonlyMap<string, string>, distro: Distro): string[] {
  const own = feedOf(distro)
  if (own === null) return []
  const others = new Set<string>()
  for (const [path, text] of settings) {
    for (const feed of path === releaseFile ? releaseStated(text, distro) : repositoriesOf(text)) {
      if (feed !== own) others.add(`${feed.replace(':', ' ')} (${path})`)
    }
  }
  return [...others]
}

/** Other distributions keep the file of the Alpine they were made from. */
function releaseStated(text: string, distro: Distro): string[] {
  if (distro.id !== 'alpine') return []
  return [feedOf({ ...distro, versionId: text.trim() }) ?? []].flat()
}

/**
 * Blocks of `K:value` lines, set apart by empty lines (apk's `database.c`). P, V, A and o are name, version,
 * architecture and origin; the first of a letter counts, for the letters mean other things once files are listed.
 */
function* readInstalled(content: Uint8Array, path: string): Generator<PackageRecord> {
  const text = new TextDecoder().decode(content)
  const problems = new Problems()
  let block = newBlock(0)
  let lineNumber = 0
  let found = 0

  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const line = text.slice(start, text[end - 1] === '\r' ? end - 1 : end)
    start = end + 1
    lineNumber += 1

    if (line !== '') {
      if (block.line === 0) block.line = lineNumber
      const letter = line[1] === ':' ? (line[0] ?? '') : ''
      if (letter === '') block.problem ??= `line ${lineNumber} is not a letter, a colon and a value`
      else if ('PVAo'.includes(letter)) block.values[letter] ??= line.slice(2).trim()
      if (newline !== -1) continue
    }
    if (block.line > 0) {
      const record = readBlock(block, problem => problems.add(problem))
      if (record !== null) {
        found += 1
        yield record
      }
    }
    block = newBlock(0)
  }
  if (found === 0 && content.includes(0)) {
    throw new Unreadable(`${path} is not an apk database: it holds zero bytes and no package`)
  }
  problems.throwIfAny(path)
}

interface Block {
  line: number
  problem: string | null
  readonly values: Record<string, string>
}

const newBlock = (line: number): Block => ({ line, problem: null, values: {} })

function readBlock(
  { line, problem, values }: Block,
  report: (problem: string) => void,
): PackageRecord | null {
  const { P: name, V: version, A: arch, o: origin } = values
  const where = name ? `${named(name)} at line ${line}` : `the block at line ${line}`
  if (!name || !version) {
    report(`${where} has no ${name ? 'version' : 'name'}`)
    return null
  }
  if ([name, version, origin].some(value => value?.includes('\0'))) {
    report(`${where} has zero bytes in its name or version`)
    return null
  }
  if (problem !== null) report(`${where}: ${problem}`)
  return { name, version, sourceName: origin || name, sourceVersion: version, arch: arch ?? '' }
}

/** Names come out of untrusted images and end in a command that people copy: only apk's own alphabet gets there. */
const safeName = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/

function fixCommand(fix: Fix): string | null {
  if (fix.packageNames.length === 0 || !fix.packageNames.every(name => safeName.test(name))) return null
  return `apk update && apk add --upgrade ${fix.packageNames.join(' ')}`
}
