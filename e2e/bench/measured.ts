import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/** What one run of a measured program says of itself, on its standard output as one line of JSON. */
export interface Timing {
  /** Wall time from the first request to the result, without starting Node itself. */
  readonly ms: number
  /** Bytes that were read: compressed, where they are. */
  readonly bytes: number
}

/** How often the memory of the processes is read. */
const sampleMs = 10

/**
 * Runs a program of this folder in a process of its own.
 * @returns its timing, and the largest sum of resident memory (bytes, from /proc; 0 where there is none) that it and
 * its child processes held at one moment. Shared pages count for each process, so the figure is an upper bound.
 */
export async function measured<T extends Timing = Timing>(
  program: string,
  ...args: string[]
): Promise<T & { peakBytes: number }> {
  const child = spawn(process.execPath, [new URL(program, import.meta.url).pathname, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peakBytes = 0
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(child.pid!))
  }, sampleMs)
  const output = text(child.stdout)
  const [code] = await once(child, 'close')
  clearInterval(sampling)
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
  return { ...(JSON.parse(await output) as T), peakBytes }
}

/** Resident memory of a process and everything below it. A process that ended meanwhile counts nothing. */
function residentBytes(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1])
    const children = readdirSync(`/proc/${pid}/task`).flatMap(task =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim().split(' ').filter(Boolean),
    )
    return children.reduce((sum, child) => sum + residentBytes(Number(child)), pages * 4096)
  } catch {
    return 0
  }
}
