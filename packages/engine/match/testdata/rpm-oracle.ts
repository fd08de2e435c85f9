import { execFileSync } from 'node:child_process'
import { requireAptTool } from '../../registry/testdata/apt-tool.ts'

/**
 * How rpm itself orders two versions, for every pair: -1, 0 or 1. One process is asked for them all.
 * @param pairs versions without spaces and line feeds
 */
export function ordersByRpm(pairs: readonly (readonly [string, string])[]): number[] {
  requireAptTool('rpm')
  const script = `%{lua:
    for line in io.lines() do
      local gap = line:find(" ", 1, true)
      print(rpm.vercmp(line:sub(1, gap - 1), line:sub(gap + 1)) .. "\\n")
    end}`
  const input = pairs.map(pair => `${pair.join(' ')}\n`).join('')
  const answers = execFileSync('rpm', ['--eval', script], { input, encoding: 'utf8', maxBuffer: 64e6 })
    .trim()
    .split(/\n+/)
    .map(Number)
  if (answers.length !== pairs.length) throw new Error(`rpm gave ${answers.length} answers`)
  return answers
}
