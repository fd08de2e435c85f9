import type { Db } from '../../db/open.ts'
import type { EndState } from './model.ts'

/** How things stand in the database, in the words of the model. Deleted images: only that they are. */
export const readEndState = (db: Db): EndState => ({
  tags: lines(
    db,
    `select rp.name || ':' || t.name || ' ' || t.digest from tag t join repository rp on rp.id = t.repository_id`,
  ),
  occurrences: lines(
    db,
    `select rp.name || '@' || o.digest || ' ' || iif(o.deleted_at is not null, 'deleted', o.coverage_status
       || iif(o.superseded_at is null, '', ' superseded') || iif(o.last_pulled_at is null, '', ' pulled'))
     from occurrence o join repository rp on rp.id = o.repository_id`,
  ),
  open: lines(
    db,
    `select rp.name || '@' || o.digest || ' ' || m.vulnerability_id || ' ' || f.state
     from finding f join match_fact m on m.id = f.match_id join occurrence o on o.id = f.occurrence_id
       join repository rp on rp.id = o.repository_id where f.state <> 'closed'`,
  ),
  charged: lines(
    db,
    `select c.digest from charge c
     where exists (select 1 from occurrence o where o.digest = c.digest and o.deleted_at is null)`,
  ),
})

/** What must never be, each with how often it is. */
export const violations = (db: Db): Record<string, number> => ({
  'charges of one digest twice': count(
    db,
    'select count(*) - count(distinct subscription_id || digest) from charge',
  ),
  'charges of what was never assessed': count(
    db,
    `select count(*) from charge c where not exists (
       select 1 from scan s where s.digest = c.digest and s.state = 'done' and s.packages is not null)`,
  ),
  'assessed and not charged': count(
    db,
    `select count(distinct s.digest) from scan s where s.state = 'done' and s.packages is not null
       and not exists (select 1 from charge c where c.digest = s.digest)`,
  ),
  'open findings of deleted images': count(
    db,
    `select count(*) from finding f join occurrence o on o.id = f.occurrence_id
     where f.state <> 'closed' and o.deleted_at is not null`,
  ),
  'images that are there without a result': count(
    db,
    `select count(*) from occurrence where deleted_at is null
       and (coverage_status <> 'complete' or scanned_at is null or image_id is null or scan_failed = 1)`,
  ),
  'findings twice': count(
    db,
    `select count(*) - count(distinct f.occurrence_id || m.vulnerability_id || m.ecosystem || m.feed || m.source_name
       || m.source_version) from finding f join match_fact m on m.id = f.match_id where f.state <> 'closed'`,
  ),
  'scans that have not ended': count(db, `select count(*) from scan where state in ('queued', 'running')`),
  'events not taken in': count(db, 'select count(*) from event_inbox'),
  'images to be matched again': count(db, 'select count(*) from rematch'),
})

const lines = (db: Db, query: string): string[] => (db.$client.prepare(query).pluck().all() as string[]).toSorted()

const count = (db: Db, query: string): number => db.$client.prepare(query).pluck().get() as number
