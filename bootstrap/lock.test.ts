import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { alone } from './lock.mjs'

let folder: string
let lock: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plimsoll-lock-'))
  lock = path.join(folder, 'deep/lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the lock is held while the work runs and gone afterwards, also when it fails', async () => {
  expect(await alone(lock, async () => existsSync(lock))).toBe(true)
  expect(existsSync(lock)).toBe(false)
  await expect(alone(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(existsSync(lock)).toBe(false)
})

test('the lock of a process that is gone counts for nothing', async () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  await alone(lock, () => Promise.resolve())
  writeFileSync(lock, String(pid))
  expect(await alone(lock, () => Promise.resolve('done'))).toBe('done')
})

test('who finds a lock that is held waits until it is given back', async () => {
  await alone(lock, () => Promise.resolve())
  // The parent of this test's process: certainly there, and certainly not this one.
  writeFileSync(lock, String(process.ppid))
  const order: string[] = []
  const waiting = alone(lock, () => Promise.resolve(order.push('work')))
  await expect.poll(() => existsSync(lock)).toBe(true)
  order.push('given back')
  rmSync(lock)
  await waiting
  expect(order).toEqual(['given back', 'work'])
})
