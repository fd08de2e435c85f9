import { spawnSync } from 'node:child_process'
import { earlierByTool, type VersionPair } from '../../scorecard/tool-order.ts'

type Order = (a: string, b: string) => number

/** Whether the package manager is here. */
export function hasTool(ecosystemId: 'deb' | 'rpm'): boolean {
  const tool = ecosystemId === 'deb' ? 'dpkg' : 'rpm'
  const found = spawnSync(tool, ['--version']).status === 0
  if (!found) console.log(`${tool} is not here: versions were ordered by the naive matcher's own order.`)
  return found
}

/**
 * What a calculation gives when dpkg or rpm itself orders versions: it is run once to see what it asks, with answers
 * that let it ask of everything, and once more with the tool's answers.
 */
export async function answeredByTool<T>(
  ecosystemId: 'deb' | 'rpm',
  calculate: (order: Order) => T,
): Promise<T> {
  const pairs = new Map<string, VersionPair>()
  calculate((installed, fixed) => {
    pairs.set(`${installed} ${fixed}`, { installed, fixed })
    return -1
  })
  const list = [...pairs.values()]
  const below = await earlierByTool(ecosystemId, list)
  // Of those that are not below, which are above: the others are equal.
  const rest = list.filter((_, at) => !below[at])
  const above = await earlierByTool(ecosystemId, rest.map(({ installed, fixed }) => ({ installed: fixed, fixed: installed })))
  const answers = new Map<string, number>()
  list.forEach(({ installed, fixed }, at) => answers.set(`${installed} ${fixed}`, below[at] ? -1 : 0))
  rest.forEach(({ installed, fixed }, at) => above[at] && answers.set(`${installed} ${fixed}`, 1))
  return calculate((installed, fixed) => {
    const answer = answers.get(`${installed} ${fixed}`)
    if (answer === undefined) throw new Error(`nobody asked how ${installed} stands to ${fixed}`)
    return answer
  })
}
