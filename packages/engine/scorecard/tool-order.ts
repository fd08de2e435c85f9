import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** Two versions, the one installed and the one with the fix. */
export interface VersionPair {
  readonly installed: string
  readonly fixed: string
}

/**
 * For every pair, whether the package manager itself holds `installed` to be earlier than `fixed`; one process is
 * asked for them all.
 */
export async function earlierByTool(
  ecosystem: 'deb' | 'rpm',
  pairs: readonly VersionPair[],
): Promise<boolean[]> {
  if (pairs.length === 0) return []
  const [program, args] = ecosystem === 'deb' ? askDpkg : askRpm
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = text(child.stdout)
  child.stdin.end(pairs.map(({ installed, fixed }) => `${installed} ${fixed}\n`).join(''))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
  const earlier = (await answers).trimEnd().split('\n')
  if (earlier.length !== pairs.length) throw new Error(`${program} gave ${earlier.length} answers`)
  return earlier.map(answer => answer === '1')
}

const askDpkg: [string, string[]] = [
  'sh',
  ['-c', 'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo 1; else echo 0; fi; done'],
]

const askRpm: [string, string[]] = [
  'rpm',
  [
    '--eval',
    `%{lua: for line in io.lines() do
       local gap = line:find(" ", 1, true)
       print(rpm.vercmp(line:sub(1, gap - 1), line:sub(gap + 1)) < 0 and "1\\n" or "0\\n")
     end}`,
  ],
]
