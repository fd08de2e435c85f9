import { inviteFirstAdmin } from './access/invitations.ts'
import { hasUsers } from './access/users.ts'
import { hasDemonstration } from './access/view-as.ts'
import { listFeeds } from './advisories/status.ts'
import { webhookSetup } from './intake/webhooks/setup.ts'
import { webhookSecretOf } from './registries/webhook-secret.ts'
import type { Plimsoll } from './server.ts'

/** What a person needs first: the address, how to sign in, and what is left to do. */
export function greeting(
  { db, listensAt, origin, registryId, secrets }: Plimsoll,
  importing: boolean,
): string {
  const lines = ['', `Plimsoll listens at ${listensAt}`]
  if (origin !== listensAt) lines.push(`People and registries reach it at ${origin}`)
  lines.push('')
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
    const { steps } = webhookSetup(db, origin, registryId, webhookSecretOf(db, secrets, registryId))
    lines.push('So that the registry tells of pushes:', '')
    for (const { text, code } of steps) lines.push(text, '', ...(code === null ? [] : [code]))
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
