import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { reportsOf } from './progress.ts'

const never = new AbortController().signal

/** All reports, and the result. */
async function drain<Report, Result>(sequence: AsyncGenerator<Report, Result>) {
  const reports: Report[] = []
  let step = await sequence.next()
  for (; !step.done; step = await sequence.next()) reports.push(step.value)
  return { reports, result: step.value }
}

describe('reports of work', () => {
  it('are yielded as they come, and the result returned', async () => {
    const work = async (report: (n: number) => void) => {
      for (const n of [1, 2, 3]) {
        report(n)
        await turn()
      }
      return 'done'
    }
    expect(await drain(reportsOf(work, never))).toEqual({ reports: [1, 2, 3], result: 'done' })
  })

  it('that nobody was ready for are passed over, save the newest', async () => {
    const work = async (report: (n: number) => void) => {
      for (let n = 1; n <= 1000; n += 1) report(n)
      return 'done'
    }
    expect(await drain(reportsOf(work, never))).toEqual({ reports: [1000], result: 'done' })
  })

  it('may be none', async () => {
    expect(await drain(reportsOf(async () => 7, never))).toEqual({ reports: [], result: 7 })
  })

  it('end with the error of the work', async () => {
    const work = async (report: (n: number) => void): Promise<never> => {
      report(1)
      throw new Error('went wrong')
    }
    const sequence = reportsOf(work, never)
    expect(await sequence.next()).toEqual({ done: false, value: 1 })
    await expect(sequence.next()).rejects.toThrow('went wrong')
  })

  it('that nobody wants any more end the work, and wait for its end', async () => {
    let ended = false
    const work = async (report: (n: number) => void, signal: AbortSignal) => {
      report(1)
      await new Promise(done => signal.addEventListener('abort', done))
      await turn()
      ended = true
      throw signal.reason
    }
    for await (const report of reportsOf(work, never)) {
      expect(report).toBe(1)
      break
    }
    expect(ended).toBe(true)
  })

  it('hand the caller’s signal on', async () => {
    const cancelled = new AbortController()
    const work = (_report: (n: number) => void, signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const sequence = reportsOf(work, cancelled.signal)
    const next = sequence.next()
    cancelled.abort(new Error('enough'))
    await expect(next).rejects.toThrow('enough')
  })
})
