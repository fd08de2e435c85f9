import type { ImageCounts } from '@plimsoll/types'

/** Images whose content was read: those with a result of their own, however it turned out. */
export const scannedImages = (images: ImageCounts): number =>
  images.unhealthy + images.healthy + images.undecided

export const allImages = (images: ImageCounts): number =>
  scannedImages(images) + images.notApplicable + images.notScanned + images.failed
