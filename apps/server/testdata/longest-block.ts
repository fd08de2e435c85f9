/**
 * Measures for how long at a time work keeps everything else in this process from running. Time in which the processor
 * was with other processes is left out, since it says nothing of the work.
 */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let last = process.threadCpuUsage()
  let timer: NodeJS.Timeout
  const tick = (): void => {
    const { user, system } = process.threadCpuUsage(last)
    longest = Math.max(longest, (user + system) / 1000)
    last = process.threadCpuUsage()
    timer = setTimeout(tick, 1)
  }
  timer = setTimeout(tick, 1)
  try {
    await work()
    return longest
  } finally {
    clearTimeout(timer)
  }
}
