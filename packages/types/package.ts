import { z } from 'zod'
import { digestSchema } from './image.ts'

/** The ecosystem's id is its package-URL type: `deb`, `apk`. The list of known ones is the engine's. */
export const ecosystemIdSchema = z.string().regex(/^[a-z][a-z0-9.+-]*$/)
export type EcosystemId = z.infer<typeof ecosystemIdSchema>

/** A package as its database says it is installed. Versions are verbatim, epoch included where there is one. */
export const installedPackageSchema = z.object({
  ecosystem: ecosystemIdSchema,
  name: z.string().min(1),
  version: z.string().min(1),
  /** The source (Debian, Ubuntu) or origin (Alpine) the package was built from; advisories name this one. */
  sourceName: z.string().min(1),
  sourceVersion: z.string().min(1),
  arch: z.string(),
  /** The module and stream it was built for, `nodejs:12` (rpm's MODULARITYLABEL); null outside modules. */
  module: z.string().nullable(),
  /** Who built it, as the database says: rpm's Vendor, dpkg's Maintainer; empty where it does not say. */
  vendor: z.string(),
  /** Where the evidence is: the database file's path in the merged file system, without a leading slash. */
  path: z.string(),
  /**
   * diffID of the layer that brought this version of the package; null for a root file system. Layers above it may
   * hold a copy of the database too, which says nothing of the package.
   */
  layer: digestSchema.nullable(),
})
export type InstalledPackage = z.infer<typeof installedPackageSchema>
