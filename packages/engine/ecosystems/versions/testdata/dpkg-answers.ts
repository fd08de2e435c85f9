import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { compareDebianVersions, isDebianVersion } from '../debian.ts'
import { debianVersion, pairOfDebianVersions } from './made-debian-versions.ts'

/** Whether dpkg is installed here; says so on the console where it is not. */
export function hasDpkg(): boolean {
  if (spawnSync('sh', ['-c', 'command -v dpkg']).status === 0) return true
  console.log('dpkg is not installed here: its own answers were not compared with.')
  return false
}

/** Some made pairs with their order, as we have it and as dpkg has it. */
export function madeOrders(count: number, seed: number): { ours: string[]; theirs: string[] } {
  const pairs = fc.sample(pairOfDebianVersions, { numRuns: count, seed })
  return {
    ours: pairs.map(([a, b]) => `${a} ${b} ${['lt', 'eq', 'gt'][compareDebianVersions(a, b) + 1]}`),
    theirs: orderByDpkg(pairs).map((answer, at) => `${pairs[at]?.join(' ')} ${answer}`),
  }
}

/** Of some made texts, those that are a version for one of us alone. Besides, ours may begin with a letter. */
export function versionsOfOneAlone(count: number, seed: number): string[] {
  const text = fc.string({ unit: fc.constantFrom(...'01aZ.+~-:_/%$ä'), minLength: 1, maxLength: 8 })
  const versions = fc.sample(fc.oneof(text, debianVersion), { numRuns: count, seed })
  const theirs = validByDpkg(versions)
  const ours = versions.map(one => isDebianVersion(one) && /^\d/.test(one.replace(/^\d+:/, '')))
  return versions.filter((_, at) => ours[at] !== theirs[at])
}

/** `lt`, `eq` or `gt` for each pair, as `dpkg --compare-versions` says. It warns of odd versions and answers all the same. */
const orderByDpkg = (pairs: readonly (readonly [string, string])[]): string[] =>
  answers(
    `while read -r a b; do
      if dpkg --compare-versions "$a" lt "$b"; then echo lt
      elif dpkg --compare-versions "$a" eq "$b"; then echo eq
      else echo gt; fi
    done 2>/dev/null`,
    pairs.map(pair => pair.join(' ')),
  )

/** Whether `dpkg --validate-version` takes each for a version. */
const validByDpkg = (versions: readonly string[]): boolean[] =>
  answers(
    'while read -r a; do dpkg --validate-version "$a" && echo yes || echo no; done 2>/dev/null',
    versions,
  ).map(answer => answer === 'yes')

/** One shell for all lines. */
function answers(script: string, lines: readonly string[]): string[] {
  const input = lines.map(line => `${line}\n`).join('')
  return execFileSync('sh', ['-c', script], { input, encoding: 'utf8' }).trim().split('\n')
}
