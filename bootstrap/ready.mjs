// Makes sure of what running needs: pnpm, the dependencies, Node.js 26 and the built portal. Each step leaves a mark,
// so that a later start only reads those.
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { aptInstall, canInstall } from './apt.mjs'
import { capture } from './child.mjs'
import { alone } from './lock.mjs'
import { withProgress } from './progress.mjs'

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

const pnpmVersion = '12.21.0'
const nodeMajor = 26

/** Ours alone, beside node_modules and as disposable: pnpm, marks, logs. */
const own = path.join(root, '.bootstrap')
const lock = path.join(own, 'lock')
/** Two lines: what the dependencies were installed from, and the Node.js to run with. */
const installed = path.join(root, 'node_modules/.plimsoll-installed')

/** Something a person has to do first; the message says what. */
export class NotReady extends Error {
  /** @override */
  name = 'NotReady'
}

/**
 * Makes sure that the server and the command line can run.
 * @returns {Promise<string>} the path of a Node.js 26 or newer
 * @throws {NotReady}
 */
export async function readyToRun() {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (process.platform === 'win32')
    throw new NotReady('Plimsoll runs on Linux and macOS; on Windows use WSL.')
  if (major < 20)
    throw new NotReady(`Plimsoll needs Node.js 20 or newer to start; this is ${process.versions.node}.`)
  return installedNode() ?? (await getReady(async () => installedNode() ?? (await installDependencies())))
}

/**
 * Builds the portal unless its sources are as they were at the last build.
 * @param {string} node
 * @returns {Promise<void>}
 * @throws {NotReady}
 */
export async function readyPortal(node) {
  const portal = path.join(root, 'apps/portal')
  const built = path.join(portal, 'dist/.built-from')
  const sources = hashOf(
    [...filesUnder(portal), ...filesUnder(path.join(root, 'packages/types'))],
    dependenciesMark(),
  )
  if (read(built) === sources) return
  await getReady(async () => {
    if (read(built) === sources) return
    const vite = path.join(portal, 'node_modules/vite/bin/vite.js')
    const log = path.join(own, 'portal.log')
    await withProgress('Building the portal', 'Built the portal', async () => {
      const { code, output } = await capture(node, [vite, 'build'], { cwd: portal })
      writeFileSync(log, output)
      if (code !== 0)
        throw new NotReady(`The portal could not be built; vite's words are in ${relative(log)}.`)
      writeFileSync(built, sources)
    })
  })
}

/**
 * Does work that writes into the project's folder, while no other start does.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function getReady(work) {
  try {
    return await alone(lock, work)
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new NotReady(`The project's folder has to be writable for this start: ${error.message}.`, {
      cause: error,
    })
  }
}

/** @returns {string | null} the Node.js to run with, when everything is installed as the lock file says */
function installedNode() {
  const [mark, node] = read(installed)?.split('\n') ?? []
  return mark === dependenciesMark() && node && existsSync(node) ? node : null
}

/** @returns {Promise<string>} the Node.js to run with */
async function installDependencies() {
  return await withProgress('Installing the dependencies', 'Installed the dependencies', async () => {
    const env = { ...process.env, ...homeThatCanBeWritten(), CI: '1' }
    const pnpm = path.join(own, `pnpm-${pnpmVersion}`)
    const program = path.join(pnpm, 'node_modules/.bin/pnpm')
    if (!existsSync(program)) {
      mkdirSync(pnpm, { recursive: true })
      const quiet = ['--no-save', '--no-audit', '--no-fund', '--no-update-notifier']
      // Without a network npm would try for more than a minute before it says so.
      const impatient = ['--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=3000']
      await install('npm', ['install', '--prefix', pnpm, ...quiet, ...impatient, `pnpm@${pnpmVersion}`], env)
    }
    await install(program, ['install', '--frozen-lockfile'], env)
    const node = await findNode()
    writeFileSync(installed, `${dependenciesMark()}\n${node}`)
    return node
  })
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function install(command, args, env) {
  const { code, output, missing } = await capture(command, args, { cwd: root, env })
  if (code === 0) return
  const log = path.join(own, 'install.log')
  writeFileSync(log, output)
  if (missing)
    throw new NotReady('npm was not found. Install Node.js 20 or newer together with npm, then start again.')
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|dns error|error sending request/i.test(
      output,
    )
  )
    throw new NotReady(
      `The package registry cannot be reached, which the first start needs. Check the network, the proxy and npm's "registry" setting, then start again; details are in ${relative(log)}.`,
    )
  throw new NotReady(`The dependencies could not be installed; what went wrong is in ${relative(log)}.`)
}

/** npm and pnpm keep their caches under HOME; without a usable one they get a folder of ours. */
function homeThatCanBeWritten() {
  try {
    accessSync(os.homedir(), constants.W_OK)
    return {}
  } catch {
    const home = path.join(own, 'home')
    mkdirSync(home, { recursive: true })
    return { HOME: home }
  }
}

/** The Node.js among the dependencies, else the machine's own: a package for another C library does not run. */
async function findNode() {
  const packaged = path.join(root, 'node_modules/.bin/node')
  let problem = await problemOf(packaged)
  if (problem?.includes('libatomic.so.1')) {
    await installLibatomic()
    problem = await problemOf(packaged)
  }
  if (problem === null) return packaged
  // npm puts that folder first on the PATH of its scripts, where it would stand in the way.
  rmSync(packaged, { force: true })
  if ((await problemOf(process.execPath)) === null) return process.execPath
  throw new NotReady(
    `Plimsoll runs on Node.js ${nodeMajor}, and its package does not run on this machine (${process.platform} ${process.arch}). Install Node.js ${nodeMajor} or newer, then start again.`,
  )
}

/** The one library that Node.js 26 needs and a small Debian or Ubuntu does not have. */
async function installLibatomic() {
  const advice =
    'On Debian and Ubuntu: sudo apt-get install libatomic1; on Fedora: sudo dnf install libatomic.'
  if (!canInstall())
    throw new NotReady(`Node.js ${nodeMajor} needs the library libatomic.so.1, which is missing. ${advice}`)
  const failure = await aptInstall(['libatomic1'])
  if (failure !== null)
    throw new NotReady(
      `Node.js ${nodeMajor} needs the library libatomic.so.1, and apt-get could not install libatomic1:\n${failure}`,
    )
}

/**
 * @param {string} node
 * @returns {Promise<string | null>} null when it is a Node.js that is recent enough, else what it said
 */
async function problemOf(node) {
  const { output } = await capture(node, ['--version'])
  return Number(/^v(\d+)\./.exec(output)?.[1]) >= nodeMajor ? null : output
}

/** What the installed dependencies depend on. */
function dependenciesMark() {
  const lock = readFileSync(path.join(root, 'pnpm-lock.yaml'))
  return createHash('sha256')
    .update(lock)
    .update(`${process.platform} ${process.arch} ${pnpmVersion}`)
    .digest('hex')
}

/**
 * Every source file under a folder, sorted; what is installed, built or only tested is left out.
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(
      entry => !['node_modules', 'dist', 'testdata'].includes(entry.name) && !entry.name.includes('.test.'),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const file = path.join(folder, entry.name)
      return entry.isDirectory() ? filesUnder(file) : [file]
    })
}

/**
 * @param {readonly string[]} files
 * @param {string} salt
 */
function hashOf(files, salt) {
  const hash = createHash('sha256').update(salt)
  for (const file of files) {
    const content = readFileSync(file)
    hash.update(`${path.relative(root, file)} ${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** @param {string} file */
const relative = file => path.relative(process.cwd(), file)
