import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Does `work` while no other process does work under the same lock: two starts at once install once. A lock whose
 * process is gone counts for nothing.
 * @template T
 * @param {string} lock path of the lock file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(lock, work) {
  mkdirSync(path.dirname(lock), { recursive: true })
  for (let told = false; !take(lock); await wait(100)) {
    const holder = holderOf(lock)
    // A container gives the same number to each start: our own can only be a left-over.
    if (holder === null || holder === process.pid || !isRunning(holder)) {
      rmSync(lock, { force: true })
    } else if (!told) {
      told = true
      process.stderr.write(`Waiting for process ${holder}, which is getting ready too (${lock}) ...\n`)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** @param {string} lock */
function take(lock) {
  // Linked rather than written in place: whoever finds the lock finds its holder in it.
  const mine = `${lock}.${process.pid}`
  writeFileSync(mine, String(process.pid))
  try {
    linkSync(mine, lock)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(mine)
  }
}

/**
 * @param {string} lock
 * @returns {number | null} null when the file is gone
 */
function holderOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8')) || null
  } catch {
    return null
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
