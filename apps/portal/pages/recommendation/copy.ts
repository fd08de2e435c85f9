export const copy = {
  title: 'Vulnerabilities in container registry images should be remediated',
  description:
    'Every image in a connected registry is read package by package and compared with the advisories of its distribution. ' +
    'An image with an open finding carries software with a known vulnerability; whoever runs it runs that vulnerability too. ' +
    'Resolving the findings takes away the ways in that are public knowledge.',
  steps: [
    'Open an unhealthy registry below, then the repository and the image to mend.',
    'Go through its findings from the top: they are ordered by severity.',
    'Open a finding. It says which package to bring to which version, and the command that does so.',
    'Change the Dockerfile or its base image accordingly and build the image anew.',
    'Push it. It is scanned by itself; findings that the new image no longer has are closed.',
    'Delete the old image from the registry once nothing runs it any more.',
  ],
  findingsThatCannotBeFixed:
    'A finding that does not matter where the image runs, or that nobody has fixed yet, can be disabled by a rule. ' +
    'Disabled findings stay to be seen and no longer count.',
  general: 'General information',
  threats: 'Threats',
  techniques: 'Tactics and techniques',
  neverRescanned: 'Never: no plan has images scanned again',
  related: 'Related recommendations',
  noRelated: 'None. This is the only recommendation there is, and it depends on no other.',
  registries: 'Affected registries',
  searchRegistries: 'Search registries',
  noRegistryFound: 'No registry matches this search.',
  noRegistry: 'No registry is connected yet.',
  noRegistryInScope: 'No registry is connected in it.',
  checks: 'Security checks',
  noUnhealthy: 'No registry has an open finding.',
  noHealthy: 'No registry is free of findings with all of its images assessed.',
  noNotApplicable: 'Every registry could be judged.',
  noChecks: 'No security check finds anything in the scanned images.',
  noDisabledChecks: 'No finding is disabled.',
  noMatch: 'No security check matches this search.',
}
