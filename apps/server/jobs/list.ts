import {
  type ScanErrorCode,
  type ScanStage,
  type ScanState,
  type ScanSummary,
  type ScanTrigger,
  type Scope,
  scanStateSchema,
} from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { OccurrenceName } from '../posture/images.ts'
import { placeKey, tagsOfDigests } from '../posture/tags.ts'
import { registryIdsWithin } from '../scopes/within.ts'
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
  readonly scope?: Scope | undefined
}

/** In the order of lists: those that run, then those that wait, then the ended ones. */
const order: readonly (readonly ScanState[])[] = [['running'], ['queued'], ['done', 'failed', 'cancelled']]

/**
 * All scans of connected registries, or those of a state, lane, registry and scope: those running first, then those
 * that wait, then the ended ones, newest first. The counts of what waits and runs are of all in the scope.
 */
export function listScans(db: Db, { page, size, state, lane, registryId, scope }: ScanListInput): ScanPage {
  const registries = registryIdsWithin(db, scope)
  const within = { lane, registryId, registries }
  const states = countsOfStates(db, scanStateSchema.options, within)
  const { queued, running } = countsOfStates(db, ['queued', 'running'], {
    lane: undefined,
    registryId: undefined,
    registries,
  })
  const ids: number[] = []
  let offset = (page - 1) * size
  let total = 0
  for (const group of order) {
    const wanted = group.filter(one => (state === undefined || one === state) && states[one] > 0)
    const scans = wanted.reduce((sum, one) => sum + states[one], 0)
    total += scans
    if (offset < scans && ids.length < size) {
      ids.push(...idsOf(db, { states: wanted, scans, size: size - ids.length, offset }, within))
    }
    offset = Math.max(0, offset - scans)
  }
  return { rows: scanSummaries(db, ids), total, queued, running, states }
}

interface Within {
  readonly lane: number | undefined
  readonly registryId: string | undefined
  /** Their ids, as JSON; null: all. */
  readonly registries: string | null
}

/** How many scans of connected registries are in each of these states, read from one index alone. */
function countsOfStates(db: Db, of: readonly ScanState[], within: Within): Record<ScanState, number> {
  const rows = prepared(
    db,
    `select c.state, sum(c.scans) scans
     from (select state, registry_id, count(*) scans from scan indexed by scan_turn
         where ${conditions(of, within)} group by state, lane, registry_id) c
       join registry rg on rg.id = c.registry_id
     where rg.removed_at is null group by c.state`,
  ).all(within) as { state: ScanState; scans: number }[]
  const none = { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 }
  return { ...none, ...Object.fromEntries(rows.map(({ state, scans }) => [state, scans])) }
}

/** Few among many are sorted out of the index; where it is many, going back from the newest soon finds a page of them. */
function idsOf(
  db: Db,
  {
    states,
    scans,
    size,
    offset,
  }: { states: readonly ScanState[]; scans: number; size: number; offset: number },
  within: Within,
): number[] {
  const newest = prepared(db, 'select max(id) from scan').pluck().get() as number
  return prepared(
    db,
    `select id from scan ${scans * 10 < newest ? 'indexed by scan_turn' : 'not indexed'}
     where ${conditions(states, within)}
       and registry_id not in (select id from registry where removed_at is not null)
     order by id desc limit @size offset @offset`,
  )
    .pluck()
    .all({ ...within, size, offset }) as number[]
}

/** In the form and order of the index `scan_turn`, which has a step for each. */
function conditions(states: readonly ScanState[], { lane, registryId, registries }: Within): string {
  const lanes = lane === undefined ? '0, 1, 2' : lane === 0 ? '0' : '1, 2'
  const ofRegistry = registryId === undefined ? '' : ' and registry_id = @registryId'
  const ofScope = registries === null ? '' : ' and +registry_id in (select value from json_each(@registries))'
  return `state in (${states.map(state => `'${state}'`).join(', ')}) and lane in (${lanes})${ofRegistry}${ofScope}`
}

/** The scans of one image, newest first; at most 100. */
export function listScansOfImage(db: Db, { registryId, repository, digest }: OccurrenceName): ScanSummary[] {
  const ids = prepared(
    db,
    `select s.id from scan s join repository rp on rp.id = s.repository_id
       join registry rg on rg.id = rp.registry_id and rg.removed_at is null
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
