export const copy = {
  title: 'Create disable rule',
  intro:
    'Disable findings that match any of these criteria. Disabled findings stay to be seen, and count in no total and not in the secure score.',
  list: 'One per line, or separated by semicolons.',
  ids: 'IDs of findings, as lists show them: a CVE, else the advisory’s own id.',
  categories: 'Part of the category, such as Debian.',
  checks: 'Part of the security check’s title, such as: update for sudo',
  cvss: 'Findings with a CVSS v3 score strictly below. One without a score never matches.',
  severity: 'Findings below this severity are disabled. One of unknown severity never matches.',
  notPatchable: 'Non-patchable: findings without a fix, or with one only in a paid channel',
  justification: 'Why these findings do not matter here. Whoever meets the rule later will want to know.',
  name: 'Suggested from the criteria until you change it.',
  noCriterion: 'Give at least one criterion: a rule without one would match nothing.',
  effect: 'It takes effect at once, in every list, count and score.',
  refused: 'The rule was not created',
}
