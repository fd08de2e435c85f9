export const copy = {
  images: 'Images',
  byHealth: 'Images by health',
  rescan: 'Rescan all',
  superseded: 'Superseded images',
  supersededText:
    'Another image took the tag of these. They count nowhere, and stay until they are deleted from the registry.',
  none: 'No image is in this repository',
  noneText: 'It was emptied, or its images have all been superseded.',
  noneOfHealth: 'No image of this repository is in this state',
  noneSuperseded: 'No superseded image is in this repository',
}
