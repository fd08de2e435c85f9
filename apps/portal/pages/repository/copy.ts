export const copy = {
  images: 'Images',
  rescan: 'Rescan all',
  superseded: 'Superseded images',
  supersededText:
    'Another image took the tag of these. They count nowhere, and stay until they are deleted from the registry.',
  none: 'No image is in this repository',
  noneText: 'It was emptied, or its images have all been superseded.',
  noneSuperseded: 'No superseded image is in this repository',
}
