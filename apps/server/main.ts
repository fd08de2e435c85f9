import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { readConfig } from './config.ts'
import { prepareDataFolder } from './db/data-folder.ts'
import './db/drizzle-loading.ts'
import type { Plimsoll } from './server.ts'
import { StartError } from './start-error.ts'

/**
 * The start of the server: configuration, what the terminal says, and the end. The server itself is loaded when there
 * is something to start, so that a mistake in the flags is answered at once.
 */

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const complain = (text: string): void => void process.stderr.write(`${text}\n`)

async function main(): Promise<number> {
  // Whatever is written to the data folder is for its owner alone.
  process.umask(0o077)
  const config = readConfig(process.argv.slice(2))
  if ('help' in config) {
    say(config.help)
    return 0
  }
  prepareDataFolder(config.dataDir)
  // In the data folder: in the system's temporary one, somebody else could put code there for us.
  enableCompileCache(join(config.dataDir, 'compile-cache'))
  const { startServer } = await import('./server.ts')
  const { greeting } = await import('./greeting.ts')
  const plimsoll = await startServer(config, versionOf())
  say(greeting(plimsoll, config.advisories !== null))
  let stopping = false
  void plimsoll.advisoriesImported
    ?.then(({ read, changed }) => say(`Advisories: ${read} read, ${changed} of them new or changed.`))
    .catch((error: Error) => {
      if (!stopping) complain(`The advisories could not be imported: ${error.message}`)
    })
  await untilAsked()
  stopping = true
  await stopWithin(plimsoll, 5000)
  return 0
}

/**
 * Resolves with the first Ctrl-C or request to end. A later one ends at once; those of the same moment are the first
 * again, for a terminal gives one Ctrl-C to npm, to the start and to this process, and the others pass it on.
 */
const untilAsked = (): Promise<void> =>
  new Promise(resolve => {
    let askedAt: number | null = null
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (askedAt !== null && performance.now() - askedAt > 1000) process.exit(1)
        askedAt ??= performance.now()
        resolve()
      })
    }
  })

/** What does not end in time is ended; the queue and the database bear that. */
async function stopWithin(plimsoll: Plimsoll, ms: number): Promise<void> {
  const timer = setTimeout(() => {
    plimsoll.log.error('did not stop in time')
    process.exit(1)
  }, ms)
  await plimsoll.stop()
  clearTimeout(timer)
}

function versionOf(): string {
  const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return manifest.version
}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof StartError) {
    complain(error.message)
    process.exitCode = error.exitCode
  } else {
    // Ours: all that is known of it.
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exitCode = 1
  }
}
