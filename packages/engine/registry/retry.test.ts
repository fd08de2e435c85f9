import { expect, it } from 'vitest'
import { parseRetryAfter, realTiming, type Timing, Transient, withRetries } from './retry.ts'
import { SourceError } from './source-error.ts'

const passing = (retryAfterMs: number | null = null) =>
  new Transient(new SourceError('registry-error', 'It failed for a moment.'), retryAfterMs)

/** Sleeps in no time and remembers how long it would have been. */
function recordedTiming(random = 0): Timing & { readonly sleptMs: number[] } {
  const sleptMs: number[] = []
  return { sleptMs, now: () => 0, random: () => random, sleep: async delayMs => void sleptMs.push(delayMs) }
}

const { signal } = new AbortController()

it('gives what a later attempt gives', async () => {
  const timing = recordedTiming()
  let attempts = 0
  const attempt = async () => {
    attempts += 1
    if (attempts < 3) throw passing()
    return 'there'
  }
  expect(await withRetries(attempt, timing, signal)).toBe('there')
  expect(timing.sleptMs).toEqual([250, 500])
})

it('gives up after four attempts with the error itself', async () => {
  const timing = recordedTiming(0.999)
  let attempts = 0
  const attempt = async () => {
    attempts += 1
    throw passing()
  }
  await expect(withRetries(attempt, timing, signal)).rejects.toMatchObject({
    name: 'SourceError',
    code: 'registry-error',
  })
  expect(attempts).toBe(4)
  expect(timing.sleptMs).toHaveLength(3)
  for (const [index, sleptMs] of timing.sleptMs.entries()) expect(sleptMs).toBeLessThan(500 * 2 ** index)
})

it('never tries again what cannot change', async () => {
  const timing = recordedTiming()
  const attempt = async () => {
    throw new SourceError('unauthorized', 'No.')
  }
  await expect(withRetries(attempt, timing, signal)).rejects.toMatchObject({ code: 'unauthorized' })
  expect(timing.sleptMs).toEqual([])
})

it('waits as long as it was asked to, and not if that is too long', async () => {
  const timing = recordedTiming(0)
  const attempt = (retryAfterMs: number) => async () => {
    throw passing(retryAfterMs)
  }
  await expect(withRetries(attempt(7_000), timing, signal)).rejects.toThrow(SourceError)
  expect(timing.sleptMs).toEqual([7_000, 7_000, 7_000])
  await expect(withRetries(attempt(31_000), timing, signal)).rejects.toThrow(SourceError)
  expect(timing.sleptMs).toHaveLength(3)
})

it('stops waiting when it is cancelled', async () => {
  const abort = new AbortController()
  const attempt = async () => {
    abort.abort(new Error('enough'))
    throw passing(20_000)
  }
  const failure = withRetries(attempt, realTiming, abort.signal)
  await expect(failure).rejects.toMatchObject({ code: 'cancelled', cause: { message: 'enough' } })
})

it.each([
  ['0', 0],
  ['120', 120_000],
  [' 5 ', 5_000],
  ['Thu, 01 Jan 1970 00:00:10 GMT', 9_000],
  ['Thursday, 01-Jan-70 00:00:10 GMT', 9_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['-5', null],
  ['soon', null],
  ['1e9', null],
  ['', null],
  [undefined, null],
])('reads Retry-After: %s', (header, expected) => {
  expect(parseRetryAfter(header, 1_000)).toBe(expected)
})
