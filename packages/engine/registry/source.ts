import type { CoverageReason, Digest, Layer, Platform } from '@plimsoll/types'
import type { SourceError } from './source-error.ts'

/** An image whose manifest and configuration were read and verified; its layers were not. */
export interface ResolvedImage {
  /** Digest of the image's own manifest; null where there is none: in a root file system, in a Docker archive. */
  readonly digest: Digest | null
  /** Of that manifest. */
  readonly mediaType: string | null
  /** It is no image proper, but a folder: one stream and no layers. */
  readonly isRootfs?: true
  readonly platform: Platform | null
  /** Bottom first. `sizeBytes` is that of the blob as it is stored. Empty for a root file system. */
  readonly layers: readonly Layer[]
  /** Sum of the layers' sizes as they are stored. */
  readonly sizeBytes: number
  /** When the image's configuration says it was created (RFC 3339), where it does. */
  readonly createdAt: string | null
  /** What is known before any layer is read that cannot be read; each belongs in the coverage ledger (partial). */
  readonly reasons?: readonly CoverageReason[]
}

/** Something that stands where an image could stand and is not one we can assess. */
export interface NotApplicable {
  readonly digest: Digest | null
  readonly mediaType: string | null
  readonly platform: Platform | null
  readonly reason: CoverageReason
}

/** An image that an index lists and that cannot be had: its manifest or configuration is missing or damaged. */
export interface Unresolved {
  readonly digest: Digest
  readonly platform: Platform | null
  readonly error: SourceError
}

/** An image that is there for a platform nobody asked for. */
export interface Unwanted {
  readonly digest: Digest | null
  /** Null when it does not say. */
  readonly platform: Platform | null
}

/** What a reference names: the images to scan, and everything recognised beside them with its reason. */
export interface Resolution {
  /** Digest of the index when the reference names one, else null. */
  readonly indexDigest: Digest | null
  readonly images: readonly ResolvedImage[]
  readonly notApplicable: readonly NotApplicable[]
  readonly unresolved: readonly Unresolved[]
  /** Empty when every platform is wanted. */
  readonly unwanted: readonly Unwanted[]
}

export interface OpenLayerOptions {
  /**
   * Paths outside the ecosystems' patterns to include, without a leading slash, one character for each byte (latin1).
   * Matters to a root file system only.
   */
  readonly alsoWanted?: readonly string[]
}

/**
 * A place an image is read from: a registry, an OCI layout, an archive, a root file system. Bytes only: a source hands
 * over what is stored, verified against its digest and size, and never interprets a layer.
 */
export interface Source {
  /** The reference in its canonical spelling, for people. */
  readonly reference: string
  /**
   * @param platforms those wanted, e.g. linux/amd64. When none is named, all images for Linux of an index are, and a
   *   single image whatever its platform.
   * @throws SourceError
   */
  resolve(platforms: readonly Platform[], signal: AbortSignal): Promise<Resolution>
  /**
   * The layer's stored (compressed) bytes. The last chunk is followed by the check of digest and size: iteration
   * throws SourceError rather than end when they do not hold.
   * A root file system has one stream, index 0. A layer that is `foreign` has none: `reasons` already says so.
   * @throws SourceError
   */
  openLayer(
    image: ResolvedImage,
    index: number,
    signal: AbortSignal,
    options?: OpenLayerOptions,
  ): AsyncIterable<Uint8Array>
}
