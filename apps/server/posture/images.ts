import type { ImageDetail, ImageSummary, InstalledPackage } from '@plimsoll/types'
import type { Db } from '../db/open.ts'

/** What names an occurrence. */
export interface OccurrenceName {
  readonly registryId: string
  readonly repository: string
  readonly digest: string
}

export interface ImageListInput {
  readonly registryId?: string | undefined
  readonly repository?: string | undefined
  readonly superseded: boolean
  readonly page: number
  readonly size: number
}

export interface ImagePage {
  readonly rows: ImageSummary[]
  readonly total: number
  /** Images of the same scope that are superseded, whichever of the two were asked for. */
  readonly supersededTotal: number
}

export interface PackagePage {
  readonly rows: InstalledPackage[]
  readonly total: number
}

export function listImages(_db: Db, _input: ImageListInput): ImagePage {
  throw new Error('not written yet')
}

export function getImage(_db: Db, _name: OccurrenceName): ImageDetail {
  throw new Error('not written yet')
}

export function listPackages(
  _db: Db,
  _input: OccurrenceName & { q?: string | undefined; page: number; size: number },
): PackagePage {
  throw new Error('not written yet')
}
