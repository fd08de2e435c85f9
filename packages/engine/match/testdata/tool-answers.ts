import { spawnSync } from 'node:child_process'
import { earlierByTool, type VersionPair } from '../../scorecard/tool-order.ts'
import { compareDebian, compareRpm } from './naive-orders.ts'

type Order = (a: string, b: string) => number

/** Whether the package manager is here. */
export function hasTool(ecosystemId: 'deb' | 'rpm'): boolean {
  const tool = ecosystemId === 'deb' ? 'dpkg' : 'rpm'
  const found = spawnSync(tool, ['--version']).status === 0
  if (!found) console.log(`${tool} is not here: versions were ordered by the naive matcher's own order.`)
  return found
}

/** What the package manager answered before; it is asked of each pair once. */
const known = { deb: new Map<string, number>(), rpm: new Map<string, number>() }

/**
 * What a calculation gives when dpkg or rpm itself orders versions. It is made with the naive orders first, and the tool
 * is asked of every pair that these were asked of. Where it answers the same of all, the result is the tool's as well;
 * otherwise the calculation is made again with its answers, until it asks of nothing new.
 */
export async function answeredByTool<T>(
  ecosystemId: 'deb' | 'rpm',
  calculate: (order: Order) => T,
): Promise<T> {
  const naive = ecosystemId === 'deb' ? compareDebian : compareRpm
  const answers = known[ecosystemId]
  for (;;) {
    const guesses = new Map<string, Guess>()
    const result = calculate((installed, fixed) => {
      const key = `${installed} ${fixed}`
      const answer = answers.get(key)
      if (answer !== undefined) return answer
      const order = Math.sign(naive(installed, fixed))
      guesses.set(key, { installed, fixed, order })
      return order
    })
    const told = await ordersByTool(ecosystemId, [...guesses.values()])
    const isSame = Array.from(guesses.values()).every(({ order }, at) => order === told[at])
    Array.from(guesses.keys()).forEach((key, at) => answers.set(key, told[at] ?? Number.NaN))
    if (isSame) return result
  }
}

interface Guess extends VersionPair {
  readonly order: number
}

/** Asks first what would settle it if the guess is right: dpkg takes a process for every question. */
async function ordersByTool(ecosystemId: 'deb' | 'rpm', guesses: readonly Guess[]): Promise<number[]> {
  const turned = ({ installed, fixed }: VersionPair) => ({ installed: fixed, fixed: installed })
  const isBelow = await askedInTwo(ecosystemId, guesses.map(one => (one.order > 0 ? turned(one) : one)))
  const rest = guesses.filter((_, at) => !isBelow[at])
  const isAbove = await askedInTwo(ecosystemId, rest.map(one => (one.order > 0 ? one : turned(one))))
  const others = isAbove.values()
  return guesses.map(({ order }, at) => {
    const side = order > 0 ? 1 : -1
    if (isBelow[at]) return side
    return others.next().value ? -side : 0
  })
}

/** In two processes beside each other. */
async function askedInTwo(ecosystemId: 'deb' | 'rpm', pairs: readonly VersionPair[]): Promise<boolean[]> {
  const half = Math.ceil(pairs.length / 2)
  const parts = [pairs.slice(0, half), pairs.slice(half)]
  return (await Promise.all(parts.map(part => earlierByTool(ecosystemId, part)))).flat()
}
