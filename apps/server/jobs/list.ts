import {
  type ScanErrorCode,
  type ScanStage,
  type ScanState,
  type ScanSummary,
  type ScanTrigger,
  scanStateSchema,
} from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { OccurrenceName } from '../posture/images.ts'
import { placeKey, tagsOfDigests } from '../posture/tags.ts'
import { shownLane } from './queue.ts'

export interface ScanPage {
  readonly rows: ScanSummary[]
  readonly total: number
  readonly queued: number
  readonly running: number
  /** Of the same lane and registry, whatever state was asked for. */
  readonly states: Readonly<Record<ScanState, number>>
}

export interface ScanListInput {
  readonly page: number
  readonly size: number
  readonly state?: ScanState | undefined
  /** 0: what somebody waits for, 1: background work. */
  readonly lane?: number | undefined
  readonly registryId?: string | undefined
}

/**
 * All scans, or those of a state, lane and registry: those running first, then those that wait, then the ended ones,
 * newest first. The counts of what waits and runs are of all.
 */
export function listScans(db: Db, { page, size, state, lane, registryId }: ScanListInput): ScanPage {
  const all = prepared(
    db,
    `select count(*) filter (where state = 'queued') queued, count(*) filter (where state = 'running') running
     from scan where state in ('queued', 'running')`,
  ).get() as { queued: number; running: number }
  const chosen = { state: state ?? null, lane: lane ?? null, registryId: registryId ?? null }
  const within = `(@lane is null or min(lane, 1) = @lane) and (@registryId is null or registry_id = @registryId)`
  const filter = `(@state is null or state = @state) and ${within}`
  const states = countsOfStates(db, within, chosen)
  const counted = (of: readonly ScanState[]): number =>
    of.reduce((sum, each) => sum + (state === undefined || state === each ? states[each] : 0), 0)
  const total = counted(scanStateSchema.options)
  const active = counted(['queued', 'running'])
  // The active ones are few and read by their index; the ended ones, of which there are many, in the order of their ids.
  const offset = (page - 1) * size
  const first = prepared(
    db,
    `select id from scan where state in ('running', 'queued') and ${filter}
     order by state = 'queued', id desc limit @size offset @offset`,
  )
    .pluck()
    .all({ ...chosen, size, offset }) as number[]
  const ended = prepared(
    db,
    `select id from scan where state not in ('running', 'queued') and ${filter} order by id desc limit @size offset @offset`,
  )
    .pluck()
    .all({ ...chosen, size: size - first.length, offset: Math.max(0, offset - active) }) as number[]
  return { rows: scanSummaries(db, [...first, ...ended]), total, states, ...all }
}

/** How many scans are in each state, read from one index alone. */
function countsOfStates(db: Db, within: string, chosen: object): Record<ScanState, number> {
  const rows = prepared(
    db,
    `select state, count(*) scans from scan indexed by scan_turn where ${within} group by state`,
  ).all(chosen) as { state: ScanState; scans: number }[]
  const none = { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 }
  return { ...none, ...Object.fromEntries(rows.map(({ state, scans }) => [state, scans])) }
}

/** The scans of one image, newest first; at most 100. */
export function listScansOfImage(db: Db, { registryId, repository, digest }: OccurrenceName): ScanSummary[] {
  const ids = prepared(
    db,
    `select s.id from scan s join repository rp on rp.id = s.repository_id
     where rp.registry_id = ? and rp.name = ? and s.digest = ? order by s.id desc limit 100`,
  )
    .pluck()
    .all(registryId, repository, digest) as number[]
  return scanSummaries(db, ids)
}

interface ScanRow {
  readonly id: number
  readonly registryId: string
  readonly registryName: string
  readonly repositoryId: number
  readonly repository: string
  readonly digest: string
  readonly trigger: ScanTrigger
  readonly state: ScanState
  readonly stage: ScanStage
  readonly layersDone: number
  readonly layersTotal: number
  readonly bytesDone: number
  readonly bytesTotal: number
  readonly packages: number | null
  readonly errorCode: ScanErrorCode | null
  readonly errorMessage: string | null
  readonly errorHint: string | null
  readonly attempts: number
  readonly lane: number
  readonly requestedBy: string | null
  readonly queuedAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

/** These scans, in this order, as lists and the live stream show them. */
export function scanSummaries(db: Db, ids: readonly number[]): ScanSummary[] {
  if (ids.length === 0) return []
  const rows = prepared(
    db,
    `select s.id, rg.id registryId, rg.name registryName, rp.id repositoryId, rp.name repository, s.digest, s.trigger,
       s.state, s.stage, s.layers_done layersDone, s.layers_total layersTotal, s.bytes_done bytesDone,
       s.bytes_total bytesTotal, s.packages, s.error_code errorCode, s.error_message errorMessage,
       s.error_hint errorHint, s.attempts, s.lane, s.requested_by requestedBy, s.queued_at queuedAt, s.started_at startedAt, s.finished_at finishedAt
     from json_each(?) j join scan s on s.id = j.value
       join repository rp on rp.id = s.repository_id join registry rg on rg.id = rp.registry_id
     order by j.key`,
  ).all(JSON.stringify(ids)) as ScanRow[]
  const tags = tagsOfDigests(db, rows)
  return rows.map(row => summary(row, tags.get(placeKey(row.repositoryId, row.digest)) ?? []))
}

export const scanSummary = (db: Db, id: number): ScanSummary | null => scanSummaries(db, [id])[0] ?? null

const summary = (row: ScanRow, tags: string[]): ScanSummary => ({
  id: String(row.id),
  registryId: row.registryId,
  registryName: row.registryName,
  repository: row.repository,
  tags,
  digest: row.digest,
  trigger: row.trigger,
  state: row.state,
  progress: {
    stage: row.stage,
    layersDone: row.layersDone,
    layersTotal: row.layersTotal,
    bytesDone: row.bytesDone,
    bytesTotal: row.bytesTotal,
    packages: row.packages,
  },
  error:
    row.errorCode === null
      ? null
      : { code: row.errorCode, message: row.errorMessage ?? '', hint: row.errorHint },
  attempts: row.attempts,
  lane: shownLane(row.lane),
  requestedBy: row.requestedBy,
  queuedAt: row.queuedAt,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
})
