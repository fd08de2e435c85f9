import type { Health, ImageCounts } from '@plimsoll/types'

/** Which of the counts is that of a state of health. */
export const imageCountOf = {
  unhealthy: 'unhealthy',
  healthy: 'healthy',
  undecided: 'undecided',
  'not-applicable': 'notApplicable',
  'not-scanned': 'notScanned',
  failed: 'failed',
} as const satisfies Record<Health, keyof ImageCounts>

/** Images whose content was read: those with a result of their own, however it turned out. */
export const scannedImages = (images: ImageCounts): number =>
  images.unhealthy + images.healthy + images.undecided

export const allImages = (images: ImageCounts): number =>
  scannedImages(images) + images.notApplicable + images.notScanned + images.failed
