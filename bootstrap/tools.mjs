// The programs that tests run beside the product: real parts rather than stand-ins.
import { accessSync, constants, readFileSync } from 'node:fs'
import path from 'node:path'
import { aptInstall, canInstall } from './apt.mjs'
import { withProgress } from './progress.mjs'
import { NotReady } from './ready.mjs'

/** Programs, and the Debian package that holds each. */
const packageOf = {
  'docker-registry': 'docker-registry',
  skopeo: 'skopeo',
  umoci: 'umoci',
  mmdebstrap: 'mmdebstrap',
  chromium: 'chromium',
  rpm: 'rpm',
  rpmbuild: 'rpm',
  'db5.3_load': 'db5.3-util',
  curl: 'curl',
}

/**
 * Makes sure of the programs that tests need: on Debian as root by installing what is missing.
 * @returns {Promise<void>}
 * @throws {NotReady} says what to install
 */
export async function readyTools() {
  const missing = missingPackages()
  if (missing.length === 0) return
  const names = missing.join(' ')
  if (!isDebian())
    throw new NotReady(
      `The tests need programs that are not on the PATH: ${missingPrograms().join(' ')}. Install them (on Debian they are in the packages ${names}), then run the tests again.`,
    )
  if (!canInstall())
    throw new NotReady(
      `The tests need programs that are not here. Install them, then run the tests again:\n  sudo apt-get install --no-install-recommends ${names}`,
    )
  process.stderr.write(`The tests need Debian packages that are missing: ${names}\n`)
  const failure = await withProgress('Installing them with apt-get', 'Ran apt-get', () => aptInstall(missing))
  if (failure !== null) throw new NotReady(`apt-get could not install ${names}:\n${failure}`)
  const still = missingPrograms().join(' ')
  if (still !== '')
    throw new NotReady(`apt-get installed ${names}, but these programs are not on the PATH: ${still}.`)
}

const missingPrograms = () => Object.keys(packageOf).filter(program => !isOnPath(program))

const missingPackages = () => [
  ...new Set(Object.entries(packageOf).flatMap(([program, name]) => (isOnPath(program) ? [] : [name]))),
]

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

/** Of its relatives some have Chromium as a snap only. */
function isDebian() {
  try {
    return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
