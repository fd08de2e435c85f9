import fc from 'fast-check'
import { agrees } from './agrees.ts'
import { fleets } from './fleets.ts'
import { play } from './play.ts'

/**
 * Plays so many generated fleets and recounts after every step.
 * @param seed for the same fleets each time; others each time without it.
 * @returns how many steps that were.
 */
export async function holdFleets(fleetCount: number, seed?: number): Promise<number> {
  let steps = 0
  await fc.assert(
    fc.asyncProperty(fleets, async fleet => {
      await play(fleet, async (played, step, isLast) => {
        await agrees(played, step, isLast)
        steps += 1
      })
    }),
    { numRuns: fleetCount, ...(seed !== undefined && { seed }) },
  )
  return steps
}
