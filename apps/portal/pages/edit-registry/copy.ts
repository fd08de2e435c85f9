export const copy = {
  title: 'Change the registry',
  cannot: 'You cannot change registries',
  demonstration: 'The demonstration’s registry cannot be changed',
  demonstrationText:
    'It is a folder of sample images. It goes away when Plimsoll is started without the demonstration.',
  addressStays: 'The address stays: a registry at another address is another registry.',
  credentialsSet: 'Set:',
  credentialsNone: 'None are set: it is asked as anybody.',
  replace: 'Replace the credentials',
  keep: 'Keep those that are set',
  certificateSet: 'An authority of its own is set.',
  certificateReplace: 'Replace or drop it',
  moves: 'The registry moves to',
  movesPlanOn: 'The plan there is on and holds from then on. It scans on:',
  movesPlanOff: 'The plan there is off: nothing of the registry is scanned or compared with new advisories.',
  itsPlan: 'Its plan',
  movesRules: (from: string) =>
    `The disable rules of ${from} no longer hold for its findings; those of the new subscription do.`,
  movesCharged:
    'Each image is charged there with its next result, unless it was before. The move itself charges nothing, and what was charged so far stays where it is.',
  movesUncharged:
    'Nothing is charged as long as that plan is off. What was charged so far stays where it is.',
  save: 'Save',
  refused: 'The registry was not changed',
  remove: 'Remove the registry',
  removeText:
    'Its images, results and findings go from every list and score, and it is asked nothing any more.',
  removeAsk: 'Remove the registry?',
  removeConsequence:
    'Its repositories, images and findings go from every list, total and score at once; scans of it that wait are cancelled, and its credentials are deleted. What was charged stays in the ledger. Nothing in the registry itself is changed; it can be connected again, and then has another webhook secret, and perhaps another webhook address.',
  keepIt: 'Keep it',
  refusedRemoval: 'The registry was not removed',
}
