import type { ConnectableKind, RegistryKind } from '@plimsoll/types'

/** Kinds of registries as people name them. */
export const registryKindText: Readonly<Record<RegistryKind, string>> = {
  distribution: 'Distribution',
  demonstration: 'Sample images in the data folder',
  harbor: 'Harbor',
  acr: 'Azure Container Registry',
  'docker-hub': 'Docker Hub',
  ghcr: 'GitHub Packages',
  ecr: 'Amazon ECR',
  'artifact-registry': 'Google Artifact Registry',
}

/** The kinds that a registry can be connected as. */
export const connectableKinds = Object.keys(registryKindText).filter(
  (kind): kind is ConnectableKind => kind !== 'demonstration',
)
