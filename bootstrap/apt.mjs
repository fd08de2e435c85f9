// Debian's package manager, where this machine has it and lets us.
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { capture } from './child.mjs'

export const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/**
 * Installs Debian packages, without those they merely recommend, and without starting services of theirs.
 * @param {readonly string[]} packages
 * @returns {Promise<string | null>} null when it is done, else the end of what apt-get said
 */
export async function aptInstall(packages) {
  return await withoutServices(async () => {
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
      const { code, output } = await capture('apt-get', ['-o', 'Acquire::Retries=3', '-q', ...args], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
      if (code !== 0) return output.trimEnd().split('\n').slice(-15).join('\n')
    }
    return null
  })
}

/**
 * Keeps packages from starting services of theirs: 101 from policy-rc.d means "not allowed" (invoke-rc.d(8)).
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return await work()
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return await work()
  } finally {
    rmSync(policy)
  }
}
