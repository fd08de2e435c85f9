import type { FeedStatus } from '@plimsoll/types'

export const feedSourceText: Readonly<Record<FeedStatus['source'], string>> = {
  demonstration: 'Demonstration',
  osv: 'Imported',
}

export const copy = {
  title: 'Settings',
  users: 'Users',
  usersForAdmins: 'Only a Security Admin can see and invite users.',
  noUsers:
    'Nobody has an account yet. The one-time link that Plimsoll printed when it started makes the first Security Admin, who can invite others.',
  invite: 'Invite someone',
  inviteText: 'Makes a one-time link. Whoever opens it first gives a name and a password and gets the role.',
  advisories: 'Advisories',
  noAdvisories: 'No advisories have been imported',
  noAdvisoriesText:
    'Start Plimsoll with --advisories and a directory or an address that is laid out as OSV’s bucket: <Ecosystem>/all.zip.',
  demonstrationFeeds:
    'The demonstration’s advisories are a small snapshot, and only its own images are compared with them.',
  about: 'About',
}
