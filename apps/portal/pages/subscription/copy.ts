import type { Cloud, Trigger } from '@plimsoll/types'

export const copy = {
  plan: 'Plan: Defender for container registries',
  on: 'The plan is on',
  onText:
    'Images in these registries are scanned as the triggers below say. Each image is charged once, when it is first scanned; rescans are free.',
  off: 'The plan is off',
  offText:
    'Nothing in these registries is scanned, matched against new advisories or charged. Earlier results stay to be seen, with their age.',
  turnOn: 'Turn the plan on',
  turnOff: 'Turn the plan off',
  turnOnAsk: 'Turn the plan on?',
  turnOffAsk: 'Turn the plan off?',
  turnOnText:
    'Every registry in it is gone over at once. The images that its triggers select are scanned, and each that gives a result is charged once.',
  turnOffText:
    'Scans that wait are cancelled, and no image of it is scanned or charged any more. Results stay to be seen and grow old. What was charged stays charged; turning the plan on again charges no image twice.',
  refusedPlan: 'The plan was not changed',
  settings: 'When images are scanned',
  cloud: 'Cloud profile',
  cloudHelp:
    'The clouds of the original. Government and China scan on push only, as there; the other triggers stay set and hold again in Commercial.',
  triggers: 'A scan starts by itself when',
  pushOnly: 'This cloud profile scans on push only.',
  rescan: 'Rescan every (days)',
  rescanHelp: 'Recently pulled and running images are matched with new advisories this often: 7 is weekly.',
  rescanProblem: 'Give a whole number of days from 1 to 365.',
  limit: 'Time limit of a scan (minutes)',
  limitHelp: 'A scan that takes longer ends. What was read by then counts, and the rest is said.',
  limitProblem: 'Give a whole number of minutes from 1 to 240.',
  save: 'Save',
  saved: 'Settings saved.',
  refusedSettings: 'The settings were not saved',
  readersCannot: 'Only a Security Admin can change the plan and its settings.',
}

export const triggerText: Readonly<Record<Trigger, { label: string; help: string }>> = {
  push: {
    label: 'an image is pushed',
    help: 'Told by the registry’s events, else found when the registry is gone over.',
  },
  pull: {
    label: 'an image was pulled within 30 days',
    help: 'By any client but Plimsoll itself. It is rescanned at the interval below.',
  },
  import: { label: 'an image is imported', help: 'With the import of Plimsoll.' },
  running: {
    label: 'a cluster runs an image',
    help: 'In a connected Kubernetes cluster. It is rescanned at the interval below.',
  },
}

export const cloudText: Readonly<Record<Cloud, string>> = {
  commercial: 'Commercial',
  government: 'Government (push only)',
  china: 'China (push only)',
}
