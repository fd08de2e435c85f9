export const copy = {
  repositories: 'Repositories',
  noRepositories: 'No repository has been found yet',
  noRepositoriesText:
    'Push an image, and it appears here by itself once the registry sends its events. Images that were there before are found when the registry is gone over.',
  notifications: 'Events of this registry',
  notificationsText:
    'Set up once, they tell Plimsoll of every push, and images appear without waiting. What follows holds a secret: whoever has it can announce images.',
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
