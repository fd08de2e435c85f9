import type { FeedStatus } from '@plimsoll/types'

export const feedSourceText: Readonly<Record<FeedStatus['source'], string>> = {
  demonstration: 'Demonstration',
  osv: 'Imported',
}

export const copy = {
  title: 'Settings',
  scopesText: 'Management groups and subscriptions, their plans, and when images in them are scanned.',
  registriesText: 'Connect, change and remove registries.',
  importText: 'Copy an image from any registry into a connected one.',
  clustersText: 'Kubernetes clusters whose running images are marked and scanned.',
  billingText: 'What was charged in each month, and the price of an image.',
  scanning: 'Scanning',
  concurrency: 'Images scanned at once',
  concurrencyText: 'More is faster, and takes more memory, processor and network.',
  notSaved: 'It was not saved',
  readersCannot: 'Only a Security Admin can change it.',
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
  furtherFeeds: 'Advisories of further distributions are imported once an image of theirs was scanned.',
  demonstrationFeeds:
    'The demonstration’s advisories are a small snapshot, and only its own images are compared with them.',
  importFailed: 'The newest import of advisories broke off',
  neverImported: 'Nothing has been imported from there yet.',
  lastImportStays: 'What was imported before stays and is used: the last import that went to its end was',
  threats: 'Lists of attacks',
  noThreatListText:
    'They are imported together with advisories where the directory or address has them: kev/known_exploited_vulnerabilities.json, which CISA publishes, and epss/epss_scores-current.csv.gz, which FIRST publishes.',
  about: 'About',
}
