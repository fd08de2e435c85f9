// Progress of the work before a program runs. On standard error, so that a command's own output stays its own.

/**
 * Shows that something is going on: a live line on a terminal, elsewhere one line when it begins and one when it ends.
 * @template T
 * @param {string} doing "Installing the dependencies"
 * @param {string} done "Installed the dependencies"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(doing, done, work) {
  const startedAt = performance.now()
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1)
  const live = process.stderr.isTTY
  const ticker = live
    ? setInterval(() => process.stderr.write(`\r\x1b[K${doing} ... ${seconds()} s`), 100)
    : undefined
  if (!live) process.stderr.write(`${doing} ...\n`)
  try {
    const result = await work()
    process.stderr.write(`${live ? '\r\x1b[K' : ''}${done} in ${seconds()} s\n`)
    return result
  } catch (error) {
    if (live) process.stderr.write('\r\x1b[K')
    throw error
  } finally {
    clearInterval(ticker)
  }
}
