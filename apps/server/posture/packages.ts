import type { InstalledPackage } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { findingsByPackage } from '../findings/by-package.ts'
import { fold } from '../findings/search-text.ts'
import { type OccurrenceName, occurrenceNamed } from './images.ts'

/** A package, and the open findings of class `security` in the same image that name it. */
export type PackageRow = InstalledPackage & { readonly findings: number }

export interface PackagePage {
  readonly rows: PackageRow[]
  readonly total: number
}

export interface PackageListInput extends OccurrenceName {
  /** Part of the package's name or its source's, in any case. */
  readonly q?: string | undefined
  /** diffID of the layer that brought them. */
  readonly layer?: string | undefined
  readonly page: number
  readonly size: number
}

/** What is installed in an image, by name. @throws Refusal when there is no such image. */
export function listPackages(db: Db, { q = '', layer, page, size, ...name }: PackageListInput): PackagePage {
  const { imageId } = occurrenceNamed(db, name)
  const sought = fold(q.trim())
  const from = sql`image_package ip join package pk on pk.id = ip.package_id join evidence e on e.id = ip.evidence_id
    where ip.image_id = ${imageId} and ${layer === undefined ? sql`1` : sql`e.layer = ${layer}`}
      and (instr(lower(pk.name), ${sought}) > 0 or instr(lower(pk.source_name), ${sought}) > 0)`
  const { total } = db.get<{ total: number }>(sql`select count(*) as total from ${from}`)
  const rows = db.all<InstalledPackage>(sql`
    select pk.ecosystem, pk.name, pk.version, pk.source_name as "sourceName", pk.source_version as "sourceVersion",
      pk.arch, nullif(pk.module, '') as module, pk.vendor, e.path, nullif(e.layer, '') as layer
    from ${from} order by pk.name, pk.version, pk.id limit ${size} offset ${(page - 1) * size}`)
  const findings = findingsByPackage(
    db,
    name,
    rows.map(row => row.name),
  )
  return { rows: rows.map(row => ({ ...row, findings: findings.get(row.name) ?? 0 })), total }
}
