export const copy = {
  title: 'Connect a registry',
  intro:
    'Plimsoll then finds the repositories and images in it, and scans what the plan of the subscription selects. Nothing in the registry is changed.',
  cannot: 'You cannot connect registries',
  connect: 'Connect',
  insist: 'Connect all the same',
  refused: 'The registry was not connected',
}
