import { inviteFirstAdmin } from './access/invitations.ts'
import { webhookSecret } from './access/secrets.ts'
import { hasUsers } from './access/users.ts'
import { hasDemonstration } from './access/view-as.ts'
import { listFeeds } from './advisories/status.ts'
import { notificationsBlock } from './intake/notifications.ts'
import type { Plimsoll } from './server.ts'

/** What a person needs first: the address, how to sign in, and what is left to do. */
export function greeting({ db, origin, registryId, secrets }: Plimsoll, importing: boolean): string {
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
