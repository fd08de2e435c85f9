export const copy = {
  repositories: 'Repositories',
  search: 'Search repositories',
  byHealth: 'Repositories by health',
  noMatch: 'No repository matches this search and this health.',
  noRepositories: 'No repository has been found yet',
  noRepositoriesText:
    'Push an image, and it appears here by itself once the registry sends its events. Images that were there before are found when the registry is gone over.',
  notifications: 'Events of this registry',
  notificationsText:
    'Set up once, they tell Plimsoll of every push, and images appear without waiting. What follows holds a secret: whoever has it can announce images.',
  newSecret: 'New secret',
  newSecretAsk: 'Make a new secret?',
  keepSecret: 'Keep the old one',
  secretKept: 'The secret was not replaced',
  secretReplaced: 'The secret was replaced. Put the new one into the registry.',
  oldSecretStops: (name: string) =>
    `The old secret stops at once: what ${name} sends with it is refused. The registry has to be told the new one, which this page then shows.`,
  eventsMeanwhile: 'What is pushed until then is found when Plimsoll goes over the registry.',
  planOff: 'The plan of its subscription is off',
  planOffText:
    'Nothing in this registry is scanned, matched against new advisories or charged. Results are as old as their scans.',
  toPlan: 'The subscription’s plan',
  edit: 'Change',
  reconcile: 'Look for changes now',
  reconciling: 'Plimsoll goes over the registry now.',
  alreadyReconciling: 'Plimsoll goes over it already.',
  rescan: 'Rescan all',
  changeConnection: 'Change the connection',
  connection: 'The registry does not answer as it should',
}
