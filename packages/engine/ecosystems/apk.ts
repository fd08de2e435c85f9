import type { Distro } from '@plimsoll/types'
import { type Ecosystem, type Fix, type PackageRecord, Unreadable } from './ecosystem.ts'
import { compareAlpineVersions, isAlpineVersion } from './versions/alpine.ts'

/** Alpine: apk's database of installed packages, in every place it has had. */
export const apk: Ecosystem = {
  id: 'apk',
  title: 'Alpine packages (apk)',
  databases: ['lib/apk/db/installed', 'usr/lib/apk/db/installed', 'var/lib/apk/db/installed'],
  wants: path => /(^|\/)apk\/db\/installed$/.test(path),
  packages: readInstalled,
  isVersion: isAlpineVersion,
  compare: compareAlpineVersions,
  advisoryFolders: ['Alpine'],
  feeds: distro => [feed(distro) ?? []].flat(),
  category: () => 'Alpine',
  fixCommand,
}

/**
 * Blocks of `K:value` lines, set apart by empty lines (apk's `database.c`). P, V, A and o are name, version,
 * architecture and origin; the first of a letter counts, for the letters mean other things once files are listed.
 */
function* readInstalled(content: Uint8Array, path: string): Generator<PackageRecord> {
  if (content.includes(0)) throw new Unreadable(`${path} is not an apk database: it holds zero bytes`)
  const text = new TextDecoder().decode(content)
  const problems: string[] = []
  let block = newBlock(0)
  let lineNumber = 0

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
      const { P: name, V: version, A: arch, o: origin } = block.values
      const where = name ? `"${name}" at line ${block.line}` : `the block at line ${block.line}`
      if (!name || !version) problems.push(`${where} has no ${name ? 'version' : 'name'}`)
      else {
        if (block.problem !== null) problems.push(`${where}: ${block.problem}`)
        yield { name, version, sourceName: origin || name, sourceVersion: version, arch: arch ?? '' }
      }
    }
    block = newBlock(0)
  }
  if (problems.length > 0) {
    const more = problems.length > 3 ? `; and ${problems.length - 3} more` : ''
    throw new Unreadable(`${path} could not be read in full: ${problems.slice(0, 3).join('; ')}${more}`)
  }
}

interface Block {
  line: number
  problem: string | null
  readonly values: Record<string, string>
}

const newBlock = (line: number): Block => ({ line, problem: null, values: {} })

/** OSV's names: `Alpine:v3.10`. An edge image calls itself by the next release and the day: `3.21_alpha20240807`. */
function feed(distro: Distro): string | null {
  if (distro.id !== 'alpine') return null
  if (/^edge$|_alpha\d*$/.test(distro.versionId)) return 'Alpine:edge'
  const [, release] = /^(\d+\.\d+)(\.|_|$)/.exec(distro.versionId) ?? []
  return release === undefined ? null : `Alpine:v${release}`
}

/** Names come out of untrusted images and end in a command that people copy: only apk's own alphabet gets there. */
const safeName = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/

function fixCommand(fix: Fix): string | null {
  if (fix.packageNames.length === 0 || !fix.packageNames.every(name => safeName.test(name))) return null
  return `apk update && apk add --upgrade ${fix.packageNames.join(' ')}`
}
