/**
 * Turns work that reports by a callback into a sequence that can be iterated: yields the newest report whenever the
 * consumer is ready for one (those in between are passed over), and returns the work's result.
 *
 * A consumer that stops early aborts the work's signal and waits until the work has come to its end.
 */
export async function* reportsOf<Report, Result>(
  work: (report: (report: Report) => void, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): AsyncGenerator<Report, Result> {
  const stopped = new AbortController()
  const newest: Report[] = []
  let settled = false
  let news = Promise.withResolvers<void>()
  const result = work(
    report => {
      newest[0] = report
      news.resolve()
    },
    AbortSignal.any([signal, stopped.signal]),
  )
  const end = result.then(
    () => undefined,
    () => undefined,
  )
  void end.then(() => {
    settled = true
    news.resolve()
  })
  try {
    for (;;) {
      await news.promise
      news = Promise.withResolvers()
      yield* newest.splice(0)
      if (settled) return await result
    }
  } finally {
    stopped.abort()
    await end
  }
}
