import type { NotApplicable, Resolution } from '@plimsoll/engine'
import type {
  Coverage,
  CoverageReason,
  ImageReport,
  InstalledPackage,
  Inventory,
  Match,
} from '@plimsoll/types'
import { generationOf } from '../advisories/generation.ts'
import { chargeFor, isAssessed } from '../billing/charge.ts'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { recordFindings } from '../findings/record.ts'
import { noteMembers } from '../intake/index-member.ts'
import { dropOccurrence, ensureOccurrence, findOccurrence, type OccurrenceState } from '../intake/places.ts'
import { settle, takeBack } from '../intake/superseding.ts'
import { storeImage, storeUnread } from './inventory.ts'
import { enqueue, finish, type LeasedScan } from './queue.ts'

/**
 * Each of these ends a scan with its result, in one transaction: the last good result stays until then, and stays
 * altogether (LeaseLost) when the scan was called off or another worker has it.
 */

/** What was matched against, to be compared when the result is stored. */
export interface MatchedAgainst {
  readonly source: AdvisorySource
  readonly generation: number
}

/** What was read of an image, and what came of matching it. */
export interface ReadImage {
  readonly report: ImageReport
  readonly inventory: Inventory
  /** When its configuration says it was made, RFC 3339. */
  readonly createdAt: string | null
}

/** The result of reading an image anew. */
export function recordReport(
  db: Db,
  scan: LeasedScan,
  { report, inventory, createdAt }: ReadImage,
  against: MatchedAgainst,
  at: string,
): void {
  inTransaction(db, () => {
    const imageId = storeImage(db, { ...report, ...inventory, createdAt, digest: scan.digest }, at)
    const findings = report.findings.map(({ kev: _kev, epss: _epss, ...match }) => match)
    recordResult(db, scan, { ...report, imageId, findings }, against, at)
    finish(db, scan, report.packages.length, at)
  })
}

/** The result for content that was read before, here or in another repository. */
export function recordStored(
  db: Db,
  scan: LeasedScan,
  result: Result,
  against: MatchedAgainst,
  at: string,
): void {
  inTransaction(db, () => {
    recordResult(db, scan, result, against, at)
    finish(db, scan, result.packages.length, at)
  })
}

export interface Result {
  readonly imageId: number
  readonly coverage: Coverage
  readonly packages: readonly InstalledPackage[]
  readonly findings: readonly Match[]
}

/**
 * What stands there and is no image that can be assessed. Attestations and signatures are about an image and are shown
 * nowhere: neither they nor their scan are kept.
 */
export function recordNotApplicable(db: Db, scan: LeasedScan, found: NotApplicable, at: string): void {
  inTransaction(db, () => {
    finish(db, scan, null, at)
    if (found.reason.code === 'attestation') {
      dropOccurrence(db, scan.repositoryId, scan.digest)
      dropScan(db, scan)
    } else {
      const content = { ...found, digest: scan.digest, coverage: unassessed(found.reason) }
      recordUnassessed(db, scan, { reason: found.reason, imageId: storeUnread(db, content, at) }, at)
    }
    settle(db, scan.repositoryId, at)
  })
}

/**
 * What an index leads to: its images become known, and those not assessed yet are asked for. The index itself is no
 * image, so its scan is not kept. What it says of an image that need not be looked at holds in this repository alone:
 * whoever pushes an index writes into it what he likes, of digests that others have too.
 * @returns the scans that were asked for.
 */
export function recordIndex(
  db: Db,
  scan: LeasedScan,
  { indexDigest, images, unresolved, notApplicable }: Resolution & { indexDigest: string },
  at: string,
): number[] {
  return inTransaction(db, () => {
    const { repositoryId, trigger, lane, requestedBy } = scan
    dropOccurrence(db, repositoryId, indexDigest)
    const members: string[] = []
    const asked: number[] = []
    // What is missing or damaged is asked for as well: its own scan says so.
    for (const { digest } of [...images, ...unresolved]) {
      if (digest === null) continue
      members.push(digest)
      const { coverageStatus } = present(db, repositoryId, digest, at)
      if (coverageStatus !== 'not-scanned' && trigger !== 'request') continue
      asked.push(enqueue(db, { repositoryId, digest, trigger, lane, requestedBy }, at).id)
    }
    for (const found of notApplicable) {
      if (found.digest === null || found.reason.code === 'attestation') continue
      members.push(found.digest)
      // Pushed by itself it may have been assessed, whatever its platform; that says more.
      const { digest, reason } = found
      const { coverageStatus } = present(db, repositoryId, digest, at)
      if (coverageStatus === 'not-scanned')
        recordUnassessed(db, { repositoryId, digest }, { reason, imageId: null }, at)
    }
    noteMembers(db, { repositoryId, indexDigest }, members, at)
    finish(db, scan, null, at)
    dropScan(db, scan)
    return asked
  })
}

/** Keeps what can be said of a scan that ended without a result: of an image never seen, that it is there. */
export function recordFailure(db: Db, scan: LeasedScan, at: string): void {
  inTransaction(db, () => {
    const { id } = ensureOccurrence(db, scan.repositoryId, scan.digest, at)
    prepared(db, 'update occurrence set scan_failed = 1 where id = ?').run(id)
  })
}

function recordResult(
  db: Db,
  { repositoryId, digest }: LeasedScan,
  result: Result,
  against: MatchedAgainst,
  at: string,
): void {
  const occurrence = present(db, repositoryId, digest, at)
  // The findings of a superseded image are closed; they are recorded as they are, and it is superseded anew below.
  if (occurrence.supersededAt !== null) takeBack(db, occurrence.id)
  storeCoverage(db, occurrence.id, result.imageId, result.coverage, at)
  recordFindings(db, occurrence.id, result.findings, result.packages, at)
  if (isAssessed(result.coverage)) chargeFor(db, occurrence.id, at)
  settle(db, repositoryId, at)
  if (generationOf(db, against.source) !== against.generation) {
    prepared(db, 'insert into rematch (occurrence_id) values (?) on conflict do nothing').run(occurrence.id)
  }
}

/** What cannot be assessed. @param found its content, where that is known from its own manifest. */
function recordUnassessed(
  db: Db,
  { repositoryId, digest }: Pick<LeasedScan, 'repositoryId' | 'digest'>,
  { reason, imageId }: { readonly reason: CoverageReason; readonly imageId: number | null },
  at: string,
): void {
  const { id } = present(db, repositoryId, digest, at)
  storeCoverage(db, id, imageId, unassessed(reason), at)
  recordFindings(db, id, [], [], at)
}

const unassessed = (reason: CoverageReason): Coverage => ({
  status: 'not-applicable',
  reasons: [reason],
  packages: {},
  databases: [],
  release: null,
  feeds: [],
})

/** The occurrence, which is there: whatever was heard of its deletion before is not true any more. */
function present(db: Db, repositoryId: number, digest: string, at: string): OccurrenceState {
  const known = ensureOccurrence(db, repositoryId, digest, at)
  if (known.deletedAt === null) return known
  bringBack(db, known.id)
  return findOccurrence(db, repositoryId, digest) ?? known
}

/** An image that was deleted and is there again; its old result went with the deletion. Within a transaction. */
export function bringBack(db: Db, occurrenceId: number): void {
  prepared(
    db,
    `update occurrence set deleted_at = null, deleted_by = null, superseded_at = null, coverage_status = 'not-scanned', coverage = null,
       scanned_at = null, scan_failed = 0
     where id = ?`,
  ).run(occurrenceId)
}

const dropScan = (db: Db, { id }: LeasedScan): void =>
  void prepared(db, 'delete from scan where id = ?').run(id)

function storeCoverage(
  db: Db,
  occurrenceId: number,
  imageId: number | null,
  coverage: Coverage,
  at: string,
): void {
  prepared(
    db,
    `update occurrence set image_id = @imageId, coverage_status = @status, coverage = @coverage, scanned_at = @at,
       matched_at = @at, scan_failed = 0
     where id = @id`,
  ).run({ imageId, status: coverage.status, coverage: JSON.stringify(coverage), at, id: occurrenceId })
}
