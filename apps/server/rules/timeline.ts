import type { FindingEvent, RuleLoss } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { lossOf } from './rule-loss.ts'
import { scansOf, withRescans } from './timeline-rescans.ts'
import { type RulesOfFinding, rulesOfFinding, type StoredRule, toldRule } from './timeline-rules.ts'

/**
 * What happened to a finding, worked out from what is stored: which rules held for its image from when on, each as it was
 * saved then, and whether that one is about this finding. What is known of attacks is that of today.
 */
export function findingTimeline(db: Db, findingId: number): FindingEvent[] {
  const found = prepared(
    db,
    `select id, occurrence_id occurrenceId, match_id matchId, patchable, first_seen_at firstSeenAt, closed_at closedAt,
       close_reason closeReason from finding where id = ?`,
  ).get(findingId) as FoundRow | undefined
  if (found === undefined) return []
  const rules = rulesOfFinding(db, found)
  const teller = startTeller(rules)
  for (const moment of momentsOf(db, found)) teller.take(moment)
  return withRescans(teller.events, scansOf(db, found.occurrenceId))
}

interface FoundRow {
  readonly id: number
  readonly occurrenceId: number
  readonly matchId: number
  readonly patchable: number
  readonly firstSeenAt: string
  readonly closedAt: string | null
  readonly closeReason: string | null
}

/** Something that was stored with its time. */
type Moment = { readonly at: string } & (
  | { readonly part: 0; readonly setId: number | null }
  | { readonly part: 1; readonly seen: 'first-seen' | 'seen-again'; readonly patchable: boolean }
  | { readonly part: 2; readonly patchable: boolean }
  | { readonly part: 3; readonly closed: string | null }
)

function momentsOf(db: Db, found: FoundRow): Moment[] {
  const sets = prepared(
    db,
    'select set_id setId, at, 0 part from rule_set_change where occurrence_id = ? order by id',
  ).all(found.occurrenceId) as Moment[]
  const changes = prepared(
    db,
    `select at, patchable_before patchableBefore, closed_at closedAt, close_reason closeReason
     from finding_change where finding_id = ? order by id`,
  ).all(found.id) as {
    at: string
    patchableBefore: number
    closedAt: string | null
    closeReason: string | null
  }[]
  /** Whether there was a fix after a change is told by the next one. */
  const patchableAfter = (index: number): boolean =>
    (changes[index + 1]?.patchableBefore ?? found.patchable) === 1
  const own = changes.flatMap(({ at, closedAt, closeReason }, index): Moment[] => {
    const patchable = patchableAfter(index)
    if (closedAt === null) return [{ at, part: 2, patchable }]
    return [
      { at: closedAt, part: 3, closed: closeReason },
      { at, part: 1, seen: 'seen-again', patchable },
    ]
  })
  const first: Moment = { at: found.firstSeenAt, part: 1, seen: 'first-seen', patchable: patchableAfter(-1) }
  const last: Moment[] =
    found.closedAt === null ? [] : [{ at: found.closedAt, part: 3, closed: found.closeReason }]
  // Of one millisecond, the rules come first; the rest is in its order already.
  return [...sets, first, ...own, ...last].toSorted(byTime)
}

const byTime = (a: { readonly at: string }, b: { readonly at: string }): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : 0

interface Teller {
  readonly events: FindingEvent[]
  take(moment: Moment): void
}

function startTeller(rules: RulesOfFinding): Teller {
  const events: FindingEvent[] = []
  let setId: number | null = null
  let open = false
  let patchable = false
  let disabling: readonly StoredRule[] = []

  /** Rules that came, went or were saved anew since the last moment. */
  const follow = (at: string, lost: (rule: StoredRule) => RuleLoss): void => {
    const now = open ? rules.disabling(setId, patchable) : []
    const isOf = (others: readonly StoredRule[]) => (rule: StoredRule) =>
      others.some(one => one.number === rule.number)
    const stays = disabling.some(isOf(now))
    const losses = disabling
      .filter(rule => !isOf(now)(rule))
      .map(rule => {
        const because = lost(rule)
        return { rule, because, at: because === 'expired' ? (rule.endedAt ?? at) : at }
      })
      .toSorted(byTime)
      .map(({ rule, because, at: when }, index, all): FindingEvent => {
        const by = because === 'deleted' || because === 'changed' ? rule.endedBy : null
        const last = index === all.length - 1
        // A rule that came to its end while the server was down did so before any other took its place.
        const reopened = last && !stays && (now.length === 0 || when < at)
        return { kind: 'rule-lost', at: when, rule: toldRule(rule), because, by, reopened }
      })
    const gains = now
      .filter(rule => !disabling.includes(rule))
      .map((rule): FindingEvent => {
        return { kind: isOf(disabling)(rule) ? 'rule-changed' : 'disabled', at, rule: toldRule(rule) }
      })
    events.push(...[...gains, ...losses].toSorted(byTime))
    disabling = now
  }

  return {
    events,
    take(moment) {
      const { at } = moment
      switch (moment.part) {
        case 0:
          setId = moment.setId
          follow(at, rule => lossOf(rule, rules.inSet(setId), at))
          break
        case 1:
          open = true
          patchable = moment.patchable
          events.push({ kind: moment.seen, at })
          follow(at, () => 'scope')
          break
        case 2:
          if (moment.patchable === patchable) break
          patchable = moment.patchable
          events.push({ kind: patchable ? 'fix-published' : 'fix-withdrawn', at })
          follow(at, () => 'fix')
          break
        case 3:
          events.push({ kind: 'closed', at, reason: moment.closed })
          open = false
          disabling = []
          break
      }
    },
  }
}
