import { execFileSync, spawnSync } from 'node:child_process'

/** Whether dpkg is installed here; says so on the console where it is not. */
export function hasDpkg(): boolean {
  if (spawnSync('sh', ['-c', 'command -v dpkg']).status === 0) return true
  console.log('dpkg is not installed here: its own answers were not compared with.')
  return false
}

/** `lt`, `eq` or `gt` for each pair, as `dpkg --compare-versions` says. It warns of odd versions and answers all the same. */
export const orderByDpkg = (pairs: readonly (readonly [string, string])[]): string[] =>
  answers(
    `while read -r a b; do
      if dpkg --compare-versions "$a" lt "$b"; then echo lt
      elif dpkg --compare-versions "$a" eq "$b"; then echo eq
      else echo gt; fi
    done 2>/dev/null`,
    pairs.map(pair => pair.join(' ')),
  )

/** Whether `dpkg --validate-version` takes each for a version. */
export const validByDpkg = (versions: readonly string[]): boolean[] =>
  answers(
    'while read -r a; do dpkg --validate-version "$a" && echo yes || echo no; done 2>/dev/null',
    versions,
  ).map(answer => answer === 'yes')

/** One shell for all lines. */
function answers(script: string, lines: readonly string[]): string[] {
  const input = lines.map(line => `${line}\n`).join('')
  return execFileSync('sh', ['-c', script], { input, encoding: 'utf8' }).trim().split('\n')
}
