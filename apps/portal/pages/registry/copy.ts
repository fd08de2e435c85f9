import type { RegistrySummary } from '@plimsoll/types'

export const registryKindText: Readonly<Record<RegistrySummary['kind'], string>> = {
  distribution: 'Registry over HTTP',
  demonstration: 'Sample images in the data folder',
  harbor: 'Harbor',
  acr: 'Azure Container Registry',
  'docker-hub': 'Docker Hub',
  ghcr: 'GitHub Packages',
  ecr: 'Amazon ECR',
  'artifact-registry': 'Google Artifact Registry',
}

export const copy = {
  repositories: 'Repositories',
  noRepositories: 'No repository has been found yet',
  noRepositoriesText:
    'Push an image, and it appears here by itself once the registry sends its notifications. Images that were there before are found when Plimsoll starts.',
  notifications: 'Notifications',
  notificationsText:
    "Put this block into the registry's configuration file and restart the registry. It then tells Plimsoll of every push, and images appear without waiting. The block holds a secret: whoever has it can announce images.",
  connection: 'The registry does not answer as it should',
}
