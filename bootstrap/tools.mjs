// The programs that tests run beside the product: real parts rather than stand-ins.
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { capture } from './child.mjs'
import { withProgress } from './progress.mjs'
import { NotReady } from './ready.mjs'

/** Each is a program, and the Debian package of the same name that holds it. */
const tools = ['docker-registry', 'skopeo', 'umoci', 'mmdebstrap', 'chromium']

/**
 * Makes sure of the programs that tests need: on Debian as root by installing what is missing.
 * @returns {Promise<void>}
 * @throws {NotReady} says what to install
 */
export async function readyTools() {
  const missing = missingTools()
  if (missing.length === 0) return
  const packages = missing.join(' ')
  if (!isDebian())
    throw new NotReady(
      `The tests need programs that are not on the PATH: ${missing.join(', ')}. Install them (on Debian they are packages of the same names), then run the tests again.`,
    )
  if (process.getuid?.() !== 0)
    throw new NotReady(
      `The tests need programs that are not here. Install them, then run the tests again:\n  sudo apt-get install --no-install-recommends ${packages}`,
    )
  process.stderr.write(`The tests need Debian packages that are missing: ${packages}\n`)
  await withProgress('Installing them with apt-get', 'Installed them', () =>
    withoutServices(async () => {
      await apt(['update'])
      await apt(['install', '--yes', '--no-install-recommends', ...missing])
    }),
  )
  const still = missingTools()
  if (still.length > 0)
    throw new NotReady(
      `apt-get installed ${packages}, but these programs are not there: ${still.join(', ')}.`,
    )
}

/** @param {string[]} args */
async function apt(args) {
  const { code, output } = await capture('apt-get', ['-o', 'Acquire::Retries=3', '-q', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (code !== 0)
    throw new NotReady(`apt-get ${args[0]} failed:\n${output.trimEnd().split('\n').slice(-15).join('\n')}`)
}

/**
 * Keeps packages from starting services of theirs: 101 from policy-rc.d means "not allowed" (invoke-rc.d(8)).
 * @param {() => Promise<void>} work
 */
async function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return await work()
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await work()
  } finally {
    rmSync(policy)
  }
}

const missingTools = () => tools.filter(program => !isOnPath(program))

/** @param {string} program */
function isOnPath(program) {
  return (process.env.PATH ?? '').split(path.delimiter).some(folder => {
    try {
      accessSync(path.join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function isDebian() {
  try {
    return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
