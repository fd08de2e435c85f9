export const copy = {
  title: 'Disable rule',
  intro:
    'Choose where a rule is to hold. Rules combine down the tree: what one of a group disables is disabled in everything below it.',
  readersTitle: 'Disable rules by scope',
  above: 'A rule above applies',
} as const
