import type { ImageImportState } from '@plimsoll/types'

export const copy = {
  title: 'Import images',
  intro:
    'Copies an image from any registry into a connected one, by digest: every layer is verified, and what the target has already is not sent again. The copy is scanned when it is there.',
  cannot: 'Only a Security Admin with an account can import images.',
  noTarget: 'No registry to import into',
  noTargetText: 'Connect a registry first, with credentials that may push.',
  source: 'Source image',
  sourceHelp:
    'docker.io/library/debian:12, or with a digest: mcr.microsoft.com/azurelinux/base/core@sha256:... One on this computer is asked over plain http unless https:// is before its name.',
  noSource: 'Give an image.',
  target: 'Target registry',
  repository: 'Repository',
  repositoryHelp: 'Left empty, the same as the source’s.',
  tag: 'Tag',
  tagHelp: 'Left empty, the same as the source’s.',
  platform: 'Platform',
  platformHelp: 'Left empty, all of them. One alone: linux/amd64',
  sourceAccess: 'Access to the source',
  sourceHelpCredentials: 'Needed only for a registry that is not connected and not public.',
  connected: 'As it is connected, else none',
  plainHttp: 'Ask the source over plain http',
  plainHttpHelp:
    'Nothing is encrypted on the way. For a registry on this computer or in a network of your own.',
  start: 'Import',
  started: 'The import has begun.',
  refused: 'The import was not begun',
  history: 'Imports',
  waiting: (seconds: number) => `Waiting: tried again in ${seconds} s`,
  none: 'Nothing has been imported yet',
}

export const stateText: Readonly<Record<ImageImportState, string>> = {
  queued: 'Queued',
  running: 'Copying',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
}
