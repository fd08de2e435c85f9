export const copy = {
  title: 'Disable rules',
  intro:
    'A finding that matches any criterion of a rule is disabled: it moves to the disabled findings, and counts in no total and not in the secure score. Deleting the rule brings it back.',
  none: 'No disable rule',
  noneText: 'Every finding counts.',
  create: 'Create rule',
  readersCannot: 'Only a Security Admin can create or delete disable rules.',
}
