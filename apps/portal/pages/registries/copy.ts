export const copy = {
  title: 'Registries',
  connect: 'Connect a registry',
  connected: 'Connected registries',
  connectedIntro: 'How each registry is reached, and when it was last gone over.',
  noneHere: 'No registry is in this subscription',
  noneHereText: 'Connect one, or move one here by changing its subscription.',
  noneInScope: 'No registry is connected in it.',
  works: 'Works',
  demonstration: 'The demonstration: samples in the data folder',
  notYet: 'Not gone over yet',
}
