import { createHash } from 'node:crypto'
import { registryEvent } from './registry-event.ts'

/** What the events of a load are about: every one pushes an image of its own, in one of 500 repositories. */
export const pushedBy = (number: number): { repository: string; tag: string; digest: string } => ({
  repository: `burst/r${number % 500}`,
  tag: `t${number}`,
  digest: `sha256:${createHash('sha256').update(`burst ${number}`).digest('hex')}`,
})

export const postedEvent = (number: number): object => registryEvent({ id: `burst-${number}`, ...pushedBy(number) })
