import { z } from 'zod'

/** A content digest as OCI writes it: `sha256:` and 64 lower-case hexadecimal digits. */
export const digestSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits')
export type Digest = z.infer<typeof digestSchema>

/** An OCI platform, e.g. `{ os: 'linux', architecture: 'arm64', variant: 'v8' }`. */
export const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  osVersion: z.string().optional(),
})
export type Platform = z.infer<typeof platformSchema>

/** `linux/amd64`, `linux/arm64/v8`. */
export const platformName = (platform: Platform): string =>
  [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')

const distroFields = z.object({
  id: z.string(),
  versionId: z.string(),
  codename: z.string().optional(),
  idLike: z.array(z.string()).default([]),
  prettyName: z.string(),
})

/** The distribution an image says it is, from os-release (`ID`, `VERSION_ID`, `VERSION_CODENAME`, `PRETTY_NAME`). */
export const distroSchema = distroFields.extend({
  /**
   * Of a derivative: the distribution whose packages it takes unchanged, in its release, and whose advisories judge
   * those: Debian 12 for Devuan 5. Left out where there is none, or none that could be told.
   */
  parent: distroFields.optional(),
})
export type Distro = z.infer<typeof distroSchema>

/** One layer of an image, bottom first. `diffId` is the digest of the uncompressed tar, `digest` of the blob as stored. */
export const layerSchema = z.object({
  digest: digestSchema,
  diffId: digestSchema,
  mediaType: z.string(),
  sizeBytes: z.int().nonnegative(),
  /** The instruction of the image's history that made the layer, where the history says. */
  createdBy: z.string().optional(),
  /** The registry does not hold the blob (a non-distributable layer), so it was not read. */
  foreign: z.literal(true).optional(),
})
export type Layer = z.infer<typeof layerSchema>
