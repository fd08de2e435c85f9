import { readFileSync } from 'node:fs'
import { inviteFirstAdmin } from './access/invitations.ts'
import { webhookSecret } from './access/secrets.ts'
import { hasUsers } from './access/users.ts'
import { hasDemonstration } from './access/view-as.ts'
import { listFeeds } from './advisories/status.ts'
import { ImportFailed } from './advisories/work.ts'
import { readConfig, UsageError } from './config.ts'
import { DataFolderError } from './db/open.ts'
import { notificationsBlock } from './intake/notifications.ts'
import { ListenError, type Plimsoll, startServer } from './server.ts'

/** The start of the server: configuration, what the terminal says, and the end. */

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
  const plimsoll = await startServer(config, versionOf())
  say(greeting(plimsoll, config.advisories !== null))
  void plimsoll.advisoriesImported
    ?.then(({ read, changed }) => say(`Advisories: ${read} read, ${changed} of them new or changed.`))
    .catch((error: unknown) => {
      complain(
        `The advisories could not be imported: ${error instanceof ImportFailed ? error.message : 'see the log'}`,
      )
    })
  await untilAsked()
  await stopWithin(plimsoll, 5000)
  return 0
}

/** What a person needs first: the address, how to sign in, and what is left to do. */
function greeting({ db, origin, registryId, secrets }: Plimsoll, importing: boolean): string {
  const lines = ['', `Plimsoll listens at ${origin}`, '']
  if (!hasUsers(db)) {
    const { link, expiresAt } = inviteFirstAdmin(db, origin)
    const until = `${expiresAt.slice(0, 16).replace('T', ' ')} UTC`
    if (hasDemonstration(db)) {
      lines.push(
        'Sign in: the demonstration can be viewed as reader or admin from this machine, without an account,',
        'until the first admin is set up with this one-time link:',
      )
    } else lines.push('Sign in: this one-time link sets up the first admin.')
    lines.push(`  ${link}`, `  (until ${until}; each start prints a new one)`, '')
  }
  if (registryId !== null) {
    lines.push(
      'For the configuration of the registry (config.yml), so that it tells of pushes:',
      '',
      notificationsBlock(origin, registryId, webhookSecret(secrets, registryId)),
    )
  }
  if (registryId !== null && !importing && !listFeeds(db).some(feed => feed.source === 'osv')) {
    lines.push(
      'There are no advisories for your own images yet. Import them with --advisories FROM, a folder or address',
      "laid out as OSV's public bucket: <Ecosystem>/all.zip, such as Debian/all.zip.",
      '',
    )
  }
  return lines.join('\n')
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
  // The caller's mistakes in one line; anything else is ours and comes with all that is known of it.
  const theirs =
    error instanceof UsageError || error instanceof DataFolderError || error instanceof ListenError
  complain(theirs ? error.message : String(error instanceof Error ? (error.stack ?? error) : error))
  process.exitCode = error instanceof UsageError ? 2 : 1
}
