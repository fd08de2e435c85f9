import type { ConnectableKind } from '@plimsoll/types'
import { acr } from './acr.ts'
import { artifactRegistry } from './artifact-registry.ts'
import { distribution } from './distribution.ts'
import { dockerHub } from './docker-hub.ts'
import { ecr } from './ecr.ts'
import { githubPackages } from './github-packages.ts'
import { harbor } from './harbor.ts'
import type { WebhookKind } from './kind.ts'

/** How each kind of registry tells of what happens in it. */
export const webhookKinds = {
  distribution,
  acr,
  harbor,
  'docker-hub': dockerHub,
  ghcr: githubPackages,
  ecr,
  'artifact-registry': artifactRegistry,
} as const satisfies Record<ConnectableKind, WebhookKind>
