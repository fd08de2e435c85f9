import type { Notice, Scope } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { counting } from '../posture/counts.ts'
import { placeKey, tagsOfDigests } from '../posture/tags.ts'
import { imageWithin } from '../scopes/within.ts'

export interface NoticeList {
  /** The newest first, at most 50. */
  readonly rows: Notice[]
  readonly total: number
  /** The highest id there is, shown or not; 0 without any. */
  readonly newest: number
}

interface NoticeRow extends Omit<Notice['image'], 'tags'> {
  readonly id: number
  readonly at: string
  readonly findings: number
  readonly repositoryId: number
}

const openFindings = sql`(p.open_critical + p.open_high + p.open_medium + p.open_low + p.open_unknown)`

/** Notices behind `after` of images that still have open findings and count. */
export function listNotices(db: Db, after: number, scope?: Scope): NoticeList {
  const tables = sql`notice n join occurrence o on o.id = n.occurrence_id join posture p on p.occurrence_id = o.id
    join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
    where n.id > ${after} and ${openFindings} > 0 and ${counting} and ${imageWithin(scope)}`
  const { total } = db.get<{ total: number }>(sql`select count(*) as total from ${tables}`)
  const { newest } = db.get<{ newest: number }>(sql`select coalesce(max(id), 0) as newest from notice`)
  const rows = db.all<NoticeRow>(sql`
    select n.id, n.at, ${openFindings} as findings, rp.id as "repositoryId", rg.id as "registryId",
      rg.name as "registryName", rp.name as repository, o.digest
    from ${tables} order by n.id desc limit 50`)
  const tags = tagsOfDigests(db, rows)
  return {
    rows: rows.map(({ id, at, findings, repositoryId, ...image }) => ({
      id,
      at,
      findings,
      image: { ...image, tags: tags.get(placeKey(repositoryId, image.digest)) ?? [] },
    })),
    total,
    newest,
  }
}
